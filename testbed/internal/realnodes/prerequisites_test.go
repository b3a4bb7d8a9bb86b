package realnodes

import (
	"strings"
	"testing"
)

func TestMissingPackagesAreNamedOnce(t *testing.T) {
	none := func(string) bool { return false }
	packages := missingFrom(requirements, none)
	count := map[string]int{}
	for _, name := range packages {
		count[name]++
	}
	for _, name := range []string{"containerd", "runc", "iptables", "iproute2", "conntrack", "socat", "ethtool", "debootstrap"} {
		if count[name] != 1 {
			t.Errorf("%s is named %d times in %v", name, count[name], packages)
		}
	}
	all := func(string) bool { return true }
	if packages := missingFrom(requirements, all); len(packages) > 0 {
		t.Errorf("nothing is missing, and yet: %v", packages)
	}
}

func TestTheLineCanBeCopied(t *testing.T) {
	line := packagesLine([]string{"containerd", "socat"})
	if !strings.HasSuffix(line, ": apt-get install -y --no-install-recommends containerd socat") || strings.Contains(line, "\n") {
		t.Error(line)
	}
}

func TestRootIsNamed(t *testing.T) {
	if lines := missingPermission(1000); len(lines) != 1 || !strings.Contains(lines[0], "root") {
		t.Error(lines)
	}
	if lines := missingPermission(0); len(lines) != 0 {
		t.Error(lines)
	}
}
