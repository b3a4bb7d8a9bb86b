package rayimage

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// mirror is where this machine itself gets its packages.
type mirror struct {
	uri, release, components string
}

// machineMirror asks apt, so that an image is built wherever the machine's own
// packages can be installed, behind a proxy or a company's mirror too.
func machineMirror(ctx context.Context) (mirror, error) {
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets",
		"--format", "$(ORIGIN)|$(SITE)|$(RELEASE)|$(COMPONENT)", "Identifier: Packages").Output()
	if err != nil {
		return mirror{}, fmt.Errorf("apt-get indextargets: %w", err)
	}
	return chooseMirror(string(out))
}

// chooseMirror takes the first source of the distribution itself: its base
// release (not bookworm-updates, not bookworm-security), with all of the
// components that this machine uses from it.
func chooseMirror(targets string) (mirror, error) {
	var chosen mirror
	var components []string
	for line := range strings.Lines(targets) {
		field := strings.Split(strings.TrimSpace(line), "|")
		if len(field) != 4 || (field[0] != "Debian" && field[0] != "Ubuntu") || strings.Contains(field[2], "-") {
			continue
		}
		if chosen.uri == "" {
			chosen.uri, chosen.release = field[1], field[2]
		}
		if field[1] == chosen.uri && field[2] == chosen.release {
			components = append(components, field[3])
		}
	}
	if chosen.uri == "" {
		return mirror{}, errors.New("apt names no Debian or Ubuntu source on this machine (`apt-get indextargets`; after a fresh installation run `apt-get update` once)")
	}
	chosen.components = strings.Join(components, ",")
	return chosen, nil
}
