package realnodes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// places is how many testbeds have room on one machine: the host has routes to
// their pods and Services, so each needs ranges of its own.
const places = 8

// The first testbed has the usual ranges, 10.244.0.0/16 and 10.96.0.0/16.
func (l layout) clusterCIDR() string   { return fmt.Sprintf("10.%d.0.0/16", 244-l.place) }
func (l layout) serviceCIDR() string   { return fmt.Sprintf("10.%d.0.0/16", 96+l.place) }
func (l layout) dnsService() string    { return fmt.Sprintf("10.%d.0.10", 96+l.place) }
func (l layout) podCIDR(n node) string { return fmt.Sprintf("10.%d.%d.0/24", 244-l.place, n.index) }
func placeFile(stateDir string) string { return filepath.Join(stateDir, "network-place") }

func recordedPlace(stateDir string) (int, error) {
	content, err := os.ReadFile(placeFile(stateDir))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	place, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil || place < 0 || place >= places {
		return 0, fmt.Errorf("%s holds %q, which is no place; remove it", placeFile(stateDir), content)
	}
	return place, nil
}

// choosePlace takes the first ranges that lead nowhere else yet, once for the
// life of the state directory: the cluster's data has addresses in it.
func (l *layout) choosePlace(ctx context.Context) error {
	routes, err := hostRoutes(ctx)
	if err != nil {
		return err
	}
	if exists(placeFile(l.stateDir)) {
		return l.conflict(routes)
	}
	var taken error
	for l.place = range places {
		if taken = l.conflict(routes); taken == nil {
			return writeWhole(placeFile(l.stateDir), strconv.Itoa(l.place)+"\n")
		}
	}
	return taken
}

func (l layout) conflict(routes []route) error {
	return conflict(routes, l.name(), l.clusterCIDR(), l.serviceCIDR(), l.subnet.String())
}

// writeWhole makes the file appear complete or not at all.
func writeWhole(path, content string) error {
	if err := os.WriteFile(path+".new", []byte(content), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
