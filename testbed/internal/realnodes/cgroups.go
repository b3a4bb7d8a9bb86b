package realnodes

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hierarchy is one mounted cgroup tree: each controller's own with cgroup v1,
// a single one with v2, and both kinds on a hybrid machine.
type hierarchy struct {
	root        string
	unified     bool
	controllers []string // of v1
}

func hierarchies() ([]hierarchy, error) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil, err
	}
	return parseHierarchies(string(mounts)), nil
}

func parseHierarchies(mounts string) []hierarchy {
	var found []hierarchy
	for line := range strings.Lines(mounts) {
		field := strings.Fields(line)
		if len(field) < 4 || !strings.HasPrefix(field[1], "/sys/fs/cgroup") {
			continue
		}
		switch field[2] {
		case "cgroup":
			found = append(found, hierarchy{root: field[1], controllers: strings.Split(field[3], ",")})
		case "cgroup2":
			found = append(found, hierarchy{root: field[1], unified: true})
		}
	}
	return found
}

// onlyV2 says whether the machine has no v1 hierarchy.
func onlyV2(all []hierarchy) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(h hierarchy) bool { return !h.unified })
}

// upCgroups makes the nodes' cgroups, below which their pods' are made.
func (l layout) upCgroups() error {
	all, err := hierarchies()
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.unified && !onlyV2(all) {
			continue // without controllers on a hybrid machine
		}
		for _, n := range nodes {
			if err := h.make(l.cgroup(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// make creates a cgroup and its parents, able to hold pods.
func (h hierarchy) make(path string) error {
	current := h.root
	for _, element := range strings.Split(strings.Trim(path, "/"), "/") {
		if h.unified {
			if err := passControllersDown(current); err != nil {
				return err
			}
		}
		parent := current
		current = filepath.Join(current, element)
		if err := os.Mkdir(current, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if slices.Contains(h.controllers, "cpuset") {
			if err := copyCPUSet(parent, current); err != nil {
				return err
			}
		}
	}
	if h.unified {
		return passControllersDown(current)
	}
	return nil
}

// copyCPUSet fills what a new v1 cpuset leaves empty; no process may enter it
// before that.
func copyCPUSet(parent, child string) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		value, err := os.ReadFile(filepath.Join(parent, file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(child, file), value, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// passControllersDown lets a v2 cgroup's children have its controllers.
func passControllersDown(directory string) error {
	available, err := os.ReadFile(filepath.Join(directory, "cgroup.controllers"))
	if err != nil {
		return err
	}
	enabled, err := os.ReadFile(filepath.Join(directory, "cgroup.subtree_control"))
	if err != nil {
		return err
	}
	for _, controller := range strings.Fields(string(available)) {
		if slices.Contains(strings.Fields(string(enabled)), controller) {
			continue
		}
		if err := os.WriteFile(filepath.Join(directory, "cgroup.subtree_control"), []byte("+"+controller), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// cgroupProcesses returns all processes in a cgroup and below it.
func cgroupProcesses(cgroup string) []int {
	var pids []int
	eachCgroup(cgroup, func(directory string) {
		content, _ := os.ReadFile(filepath.Join(directory, "cgroup.procs"))
		for _, text := range strings.Fields(string(content)) {
			if pid, err := strconv.Atoi(text); err == nil && pid > 0 {
				pids = append(pids, pid)
			}
		}
	})
	return pids
}

// downCgroups removes the testbed's cgroups, innermost first. The kernel holds
// one for a moment after its last process has ended.
func (l layout) downCgroups() error {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var directories []string
		eachCgroup(l.name(), func(directory string) { directories = append(directories, directory) })
		slices.Reverse(directories)
		var last error
		for _, directory := range directories {
			if err := syscall.Rmdir(directory); err != nil && err != syscall.ENOENT {
				last = &os.PathError{Op: "rmdir", Path: directory, Err: err}
			}
		}
		if last == nil || time.Now().After(deadline) {
			return last
		}
	}
}

// eachCgroup visits a cgroup and those below it in all hierarchies, parents first.
func eachCgroup(cgroup string, visit func(directory string)) {
	all, _ := hierarchies()
	for _, h := range all {
		_ = filepath.WalkDir(filepath.Join(h.root, cgroup), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				visit(path)
			}
			return nil // a cgroup that vanishes meanwhile is no error
		})
	}
}
