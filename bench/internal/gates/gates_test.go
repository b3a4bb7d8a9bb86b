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
			Scenario: "create", Operator: "sp-ray", Clusters: 10, Seconds: seconds,
			Requests: map[string]int{"create pods": 40}, Conflicts: map[string]int{"POST pods": conflicts},
		},
		{Scenario: "create", Operator: "floor", Clusters: 10, Seconds: floor},
	}}
}

func TestALimitIsBrokenByWhatIsAboveIt(t *testing.T) {
	g := Gates{"create": {"timesTheFloor": 1.5, "seconds": 3, "conflicts": 0}}
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
	_, broken := Gates{"create": {"seconds": 3}}.Check(r)
	want := []string{"create: seconds is 4.00, limit 3.00" +
		" (other processes used the machine meanwhile: repeat it when it is quiet)"}
	if !slices.Equal(broken, want) {
		t.Errorf("%v, not %v", broken, want)
	}
}

func TestWhatWasNotMeasuredDoesNotPass(t *testing.T) {
	_, broken := Gates{"large": {"seconds": 1}}.Check(run(1, 1, 0))
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
	for metric, want := range map[string]float64{"seconds": 3.6, "timesTheFloor": 1.8, "writesPerCluster": 4.8, "conflicts": 5} {
		if g[metric] != want {
			t.Errorf("%s: %v, not %v", metric, g[metric], want)
		}
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
