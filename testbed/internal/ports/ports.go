// Package ports gives each testbed ports of its own, which it keeps until it is torn down.
package ports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/lockfile"
)

// The range is below the one from which systems take the ports of outgoing connections, so that
// such a connection cannot sit on a port while its server is being restarted.
const first, last = 18000, 29999

// Get returns the port that the state directory has for a component; the first call chooses it.
// A chosen port is free, and no other testbed of this user has it, not even a stopped one.
func Get(ctx context.Context, stateDir, component string) (int, error) {
	stateDir, err := filepath.Abs(stateDir)
	if err != nil {
		return 0, err
	}
	lock, err := lockfile.Acquire(ctx, filepath.Join(reservations(), "lock"), nil)
	if err != nil {
		return 0, err
	}
	defer lock.Unlock()
	taken, err := read(stateDir)
	if err != nil {
		return 0, err
	}
	if port, ok := taken[component]; ok {
		return port, nil
	}
	port, err := choose()
	if err != nil {
		return 0, err
	}
	taken[component] = port
	if err := write(stateDir, taken); err != nil {
		return 0, err
	}
	return port, os.WriteFile(reservation(port), []byte(stateDir), 0o644)
}

// Release gives the ports of a state directory back.
func Release(stateDir string) error {
	taken, err := read(stateDir)
	if err != nil {
		return err
	}
	for _, port := range taken {
		_ = os.Remove(reservation(port))
	}
	return nil
}

func choose() (int, error) {
	const count = last - first + 1
	start := rand.IntN(count)
	for i := range count {
		port := first + (start+i)%count
		if !reserved(port) && free(port) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d", first, last)
}

// reserved says whether another testbed has the port. A reservation of a testbed that is gone,
// or that does not know of it, does not count.
func reserved(port int) bool {
	holder, err := os.ReadFile(reservation(port))
	if err != nil {
		return false
	}
	taken, err := read(string(holder))
	if err != nil {
		return true
	}
	for _, p := range taken {
		if p == port {
			return true
		}
	}
	return false
}

func free(port int) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

func reservations() string        { return filepath.Join(cache.Dir(), "ports") }
func reservation(port int) string { return filepath.Join(reservations(), strconv.Itoa(port)) }
func file(stateDir string) string { return filepath.Join(stateDir, "ports.json") }

func read(stateDir string) (map[string]int, error) {
	taken := map[string]int{}
	content, err := os.ReadFile(file(stateDir))
	if errors.Is(err, fs.ErrNotExist) {
		return taken, nil
	}
	if err != nil {
		return nil, err
	}
	return taken, json.Unmarshal(content, &taken)
}

func write(stateDir string, taken map[string]int) error {
	content, err := json.Marshal(taken)
	if err != nil {
		return err
	}
	unfinished := file(stateDir) + ".new"
	if err := os.WriteFile(unfinished, append(content, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(unfinished, file(stateDir))
}
