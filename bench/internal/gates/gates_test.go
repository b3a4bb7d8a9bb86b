package gates

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sp-ray.dev/bench/internal/report"
)

func run(seconds, floor float64, conflicts int) report.Report {
	return report.Report{Results: []report.Result{
		{
			Scenario: "create", Operator: "sp-ray", Clusters: 10, Seconds: seconds, OperatorCPU: 1,
			Requests: map[string]int{"create pods": 40}, Conflicts: map[string]int{"POST pods": conflicts},
		},
		{Scenario: "create", Operator: "floor", Clusters: 10, Seconds: floor, ControlPlane: map[string]float64{"etcd": 4}},
	}}
}

func TestALimitIsBrokenByWhatIsAboveIt(t *testing.T) {
	g := Gates{"create": {"timesTheFloor": 1.5, "peakRSSMiB": 3, "conflicts": 0}}
	passed, broken := g.Check(run(3, 2, 0))
	if len(passed) != 3 || len(broken) != 0 {
		t.Errorf("%v, %v", passed, broken)
	}
	_, broken = g.Check(run(3, 1.9, 1))
	want := []string{"create: conflicts is 1.00, limit 0.00", "create: timesTheFloor is 1.58, limit 1.50"}
	if !slices.Equal(broken, want) {
		t.Errorf("%v, not %v", broken, want)
	}
}

func TestALimitThatWasBrokenOnABusyMachineIsToldOfAsSuch(t *testing.T) {
	r := run(4, 2, 0)
	r.Results[0].OperatorCPU, r.Results[0].ForeignCPU = 1, 0.2
	_, broken := Gates{"create": {"timesTheFloor": 1.5}}.Check(r)
	want := []string{"create: timesTheFloor is 2.00, limit 1.50" +
		" (other processes used the machine meanwhile: repeat it when it is quiet)"}
	if !slices.Equal(broken, want) {
		t.Errorf("%v, not %v", broken, want)
	}
}

func TestWhatWasNotMeasuredDoesNotPass(t *testing.T) {
	_, broken := Gates{"large": {"timesTheFloor": 1}}.Check(run(1, 1, 0))
	if !slices.Equal(broken, []string{"large: was not measured"}) {
		t.Errorf("%v", broken)
	}
	_, broken = Gates{"create": {"timesTheFloor": 1}}.Check(report.Report{Results: run(1, 1, 0).Results[:1]})
	if !slices.Equal(broken, []string{"create: timesTheFloor was not measured"}) {
		t.Errorf("%v", broken)
	}
}

func TestLimitsAreTheMeanAndAMargin(t *testing.T) {
	g := From([]report.Report{run(2, 2, 0), run(4, 2, 0)})["create"]
	for metric, want := range map[string]float64{"timesTheFloor": 1.8, "cpuTimesTheFloor": 0.3, "writesPerCluster": 4.8, "conflicts": 5} {
		if g[metric] != want {
			t.Errorf("%s: %v, not %v", metric, g[metric], want)
		}
	}
}

// On a machine that is half as fast everything takes twice as long.
func TestASlowMachineBreaksNoLimit(t *testing.T) {
	restart := func(factor float64) report.Report {
		r := run(3*factor, 2*factor, 0)
		r.Results[0].OperatorCPU *= factor
		r.Results[1].ControlPlane = map[string]float64{"etcd": 4 * factor}
		r.Results = append(r.Results, report.Result{
			Scenario: "restart", Operator: "sp-ray", Clusters: 10, Seconds: factor, OperatorCPU: factor,
		})
		return r
	}
	passed, broken := From([]report.Report{restart(1)}).Check(restart(2))
	if len(broken) != 0 || !slices.Contains(passed, "restart: cpuTimesTheFloor is 0.25, limit 0.30") {
		t.Errorf("%v, %v", passed, broken)
	}
}

func TestUnknownMetricsAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gates.yaml")
	if err := os.WriteFile(file, []byte("create: {secnods: 1}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file); err == nil {
		t.Error("accepted")
	}
}
