package realnodes

import (
	"reflect"
	"testing"
)

func TestParseHierarchies(t *testing.T) {
	hybrid := parseHierarchies(`proc /proc proc rw 0 0
tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
`)
	want := []hierarchy{
		{root: "/sys/fs/cgroup/cpu,cpuacct", controllers: []string{"rw", "relatime", "cpu", "cpuacct"}},
		{root: "/sys/fs/cgroup/systemd", controllers: []string{"rw", "name=systemd"}},
		{root: "/sys/fs/cgroup/unified", unified: true},
	}
	if !reflect.DeepEqual(hybrid, want) {
		t.Errorf("got %+v", hybrid)
	}
	if onlyV2(hybrid) {
		t.Error("a hybrid machine is taken for one with cgroup v2 only")
	}
	if !onlyV2(parseHierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n")) {
		t.Error("cgroup v2 is not recognised")
	}
	if onlyV2(nil) {
		t.Error("no hierarchy at all is taken for cgroup v2")
	}
}

func TestZombie(t *testing.T) {
	for stat, want := range map[string]bool{
		"7 (ray) Z 1 7 7":        true,
		"7 (a) Z (b)) S 1 7 7":   false,
		"7 (containerd) S 1 7 7": false,
		"":                       false,
	} {
		if zombie(stat) != want {
			t.Errorf("%q: %v", stat, !want)
		}
	}
}
