package realnodes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sp-ray.dev/testbed/internal/process"
)

// Down ends everything and leaves nothing outside the state directory. It
// needs no record: names are derived from the directory, and processes are
// found by the network namespace and the cgroups that they are in.
func Down(stateDir string) error {
	l, err := layoutOf(stateDir)
	if err != nil {
		return err
	}
	withSystemPath()
	return l.remove(context.Background())
}

func (l layout) remove(ctx context.Context) error {
	// First those that are recorded: one may just be on its way into the namespace.
	for _, name := range process.Names(l.stateDir) {
		if err := process.Stop(l.stateDir, name, 0); err != nil {
			return err
		}
	}
	if err := killAll(l.processes); err != nil {
		return err
	}
	if err := l.downNetwork(ctx); err != nil {
		return err
	}
	if err := l.downCgroups(); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(l.stateDir, "nodes"))
}

// killAll ends all processes that are found. New ones may come while old ones
// are killed, therefore it repeats until there is none.
func killAll(find func() []int) error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		pids := living(find())
		if len(pids) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("processes %v do not end, not even by SIGKILL", pids)
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("process %d: %w", pid, err)
			}
		}
	}
}

// processes returns those in the testbed's network namespace, that is its
// programs and pods of the host network, and those in its cgroups, that is
// every container's.
func (l layout) processes() []int {
	pids := cgroupProcesses(l.name())
	var namespace syscall.Stat_t
	if err := syscall.Stat(l.netnsPath(), &namespace); err == nil {
		pids = append(pids, processesIn(namespace)...)
	}
	return pids
}

// living leaves out who has ended, and this program itself.
func living(pids []int) []int {
	slices.Sort(pids)
	return slices.DeleteFunc(slices.Compact(pids), func(pid int) bool { return pid <= 1 || pid == os.Getpid() || ended(pid) })
}

func processesIn(namespace syscall.Stat_t) []int {
	var pids []int
	entries, _ := fs.ReadDir(os.DirFS("/proc"), ".")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		var stat syscall.Stat_t
		if err := syscall.Stat(fmt.Sprintf("/proc/%d/ns/net", pid), &stat); err != nil {
			continue
		}
		if stat.Ino == namespace.Ino && stat.Dev == namespace.Dev {
			pids = append(pids, pid)
		}
	}
	return pids
}

// ended says whether only a zombie is left, which its parent will collect.
func ended(pid int) bool {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	return zombie(string(content))
}

// zombie reads the state in a line of /proc/PID/stat, after the command's name.
func zombie(stat string) bool {
	end := strings.LastIndex(stat, ") ")
	return end >= 0 && strings.HasPrefix(stat[end+2:], "Z")
}
