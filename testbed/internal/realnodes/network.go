package realnodes

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/lockfile"
)

const namedNamespaces = "/run/netns"

func (l layout) netnsPath() string { return filepath.Join(namedNamespaces, l.name()) }

// lockNetwork keeps testbeds from choosing the same addresses, and one that ends
// from removing the directory in which another just makes its namespace.
func lockNetwork(ctx context.Context) (*lockfile.Lock, error) {
	return lockfile.Acquire(ctx, filepath.Join(cache.Dir(), "locks", "network.lock"), nil)
}

// upNetwork makes the namespace and its link with the host. Each step may have
// been done before.
func (l *layout) upNetwork(ctx context.Context) error {
	lock, err := lockNetwork(ctx)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if err := l.choosePlace(ctx); err != nil {
		return err
	}
	if !l.namespaceUsable() {
		// The file of a namespace that was being made when the maker was killed.
		_ = os.Remove(l.netnsPath())
		if _, err := run(ctx, "ip", "netns", "add", l.name()); err != nil {
			return err
		}
	}
	if !exists("/sys/class/net/" + l.name()) {
		if _, err := run(ctx, "ip", "link", "add", l.name(), "type", "veth", "peer", "name", "uplink", "netns", l.name()); err != nil {
			return err
		}
	}
	if err := l.ip(ctx, "-n", l.name(), "link", "set", "lo", "up"); err != nil {
		return err
	}
	if err := l.upLink(ctx); err != nil {
		return err
	}
	// Per namespace: the host's own setting stays as it is.
	_, err = run(ctx, "ip", "netns", "exec", l.name(), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
	return err
}

func (l layout) upLink(ctx context.Context) error {
	prefix := func(a netip.Addr) string { return fmt.Sprintf("%s/%d", a, l.subnet.Bits()) }
	inside := []string{prefix(l.controlPlaneAddress())}
	for _, n := range nodes {
		inside = append(inside, prefix(l.nodeAddress(n)))
	}
	for _, address := range inside {
		if err := l.ip(ctx, "-n", l.name(), "address", "replace", address, "dev", "uplink"); err != nil {
			return err
		}
	}
	if err := l.ip(ctx, "-n", l.name(), "link", "set", "uplink", "up"); err != nil {
		return err
	}
	if err := l.ip(ctx, "address", "replace", prefix(l.hostAddress()), "dev", l.name()); err != nil {
		return err
	}
	if err := l.ip(ctx, "link", "set", l.name(), "up"); err != nil {
		return err
	}
	for _, cidr := range []string{l.clusterCIDR(), l.serviceCIDR()} {
		if err := l.upRoute(ctx, cidr); err != nil {
			return err
		}
	}
	return nil
}

// upRoute adds a route unless it is there. It does not replace another's: two
// testbeds that start at the same time may have chosen the same ranges.
func (l layout) upRoute(ctx context.Context, cidr string) error {
	there, err := run(ctx, "ip", "-4", "route", "show", cidr, "dev", l.name())
	if err != nil || strings.TrimSpace(there) != "" {
		return err
	}
	return l.ip(ctx, "route", "add", cidr, "via", l.controlPlaneAddress().String(), "dev", l.name())
}

func (l layout) ip(ctx context.Context, args ...string) error {
	_, err := run(ctx, "ip", args...)
	return err
}

// namespaceUsable says whether the name stands for a network namespace; after
// a kill between the two steps of its making it is only an empty file.
func (l layout) namespaceUsable() bool {
	return exists(l.netnsPath()) && exec.Command("nsenter", "--net="+l.netnsPath(), "--", "true").Run() == nil
}

// downNetwork removes the link, with it its routes, and the namespace, with it
// every interface and rule in it.
func (l layout) downNetwork(ctx context.Context) error {
	lock, err := lockNetwork(ctx)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if exists("/sys/class/net/" + l.name()) {
		if err := l.ip(ctx, "link", "delete", l.name()); err != nil && exists("/sys/class/net/"+l.name()) {
			return err
		}
	}
	if exists(l.netnsPath()) {
		if err := l.ip(ctx, "netns", "delete", l.name()); err != nil {
			// Not a mount yet, only the file.
			if err := os.Remove(l.netnsPath()); err != nil {
				return err
			}
		}
	}
	return l.removeEmptyNamespaceDir(ctx)
}

// removeEmptyNamespaceDir undoes what the first `ip netns add` of a machine
// does: a directory mounted on itself. Others' namespaces in it keep it.
func (l layout) removeEmptyNamespaceDir(ctx context.Context) error {
	if entries, err := os.ReadDir(namedNamespaces); err != nil || len(entries) > 0 {
		return nil
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); len(fields) > 4 && fields[4] == namedNamespaces {
			if _, err := run(ctx, "umount", namedNamespaces); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(namedNamespaces); err != nil && exists(namedNamespaces) {
		return err
	}
	return nil
}
