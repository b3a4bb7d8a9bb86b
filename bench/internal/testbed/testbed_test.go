package testbed

import (
	"maps"
	"testing"
)

func TestProcessesAreReadOutOfTheStatus(t *testing.T) {
	status := `profile      sim
server       https://127.0.0.1:4321
nodes        3 cpu, 0 t4, 0 a100

COMPONENT        STATE         PID    LOG
etcd             running       17     /x/etcd.log
kube-apiserver   running       18     /x/kube-apiserver.log
kwok             not running   -      /x/kwok.log
`
	want := map[string]int{"etcd": 17, "kube-apiserver": 18}
	if got := processes(status); !maps.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestNodesHoldThePods(t *testing.T) {
	for _, pods := range []int{0, 1, 110, 4000, 20000} {
		if nodes := Nodes(pods); nodes*podsPerNode < pods || nodes < 1 {
			t.Errorf("%d nodes for %d pods", nodes, pods)
		}
	}
}
