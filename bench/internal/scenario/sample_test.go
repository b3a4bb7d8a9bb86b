package scenario

import (
	"maps"
	"testing"

	"sp-ray.dev/bench/internal/report"
)

func before() sample {
	return sample{
		requests: map[string]int{"create pods": 1}, all: map[string]int{}, conflicts: map[string]int{},
		operator: 5, passes: 10, pid: 7, bench: 1, busy: 100, endedWatches: 2,
		components: map[string]float64{"etcd": 3},
	}
}

func after(pid int) sample {
	return sample{
		requests: map[string]int{"create pods": 9}, all: map[string]int{"POST pods": 9}, conflicts: map[string]int{},
		operator: 8, passes: 14, pid: pid, bench: 2, busy: 120, endedWatches: 5,
		components: map[string]float64{"etcd": 7},
	}
}

func TestAScenarioIsTheDifferenceOfTwoSamples(t *testing.T) {
	var r report.Result
	fill(&r, before(), after(7))
	if r.OperatorCPU != 3 || r.Passes != 4 || r.BenchCPU != 1 || r.EndedWatches != 3 {
		t.Errorf("%+v", r)
	}
	if !maps.Equal(r.Requests, map[string]int{"create pods": 8}) || r.ControlPlane["etcd"] != 4 {
		t.Errorf("%+v", r)
	}
	// 20 s in all; 3 were the operator's, 1 the bench's, 4 the control plane's.
	if r.ForeignCPU != 12 {
		t.Errorf("foreign: %v", r.ForeignCPU)
	}
}

func TestARestartedOperatorBeginsAtZero(t *testing.T) {
	var r report.Result
	fill(&r, before(), after(8))
	if r.OperatorCPU != 8 || r.Passes != 14 {
		t.Errorf("%+v", r)
	}
}
