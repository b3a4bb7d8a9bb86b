package plot

import (
	"strings"
	"testing"

	"sp-ray.dev/bench/internal/report"
)

func run(clusters int, seconds float64) report.Report {
	return report.Report{Results: []report.Result{
		{Scenario: "create", Operator: "sp-ray", Clusters: clusters, Seconds: seconds, OperatorCPU: seconds},
		{Scenario: "create", Operator: "floor", Clusters: clusters, Seconds: seconds / 2},
		{Scenario: "delete", Operator: "sp-ray", Clusters: clusters, Seconds: 99},
	}}
}

func TestPointsAreMeansByNumberOfClusters(t *testing.T) {
	got := points([]report.Report{run(100, 1), run(100, 3), run(10, 1)}, "sp-ray", panels[0].value)
	if len(got) != 2 || got[0].X != 10 || got[0].Y != 100 || got[1].X != 100 || got[1].Y != 20 {
		t.Errorf("%v", got)
	}
}

func TestTheDrawingIsAnSVGWithBothOperators(t *testing.T) {
	canvas, err := SVG([]report.Report{run(100, 1), run(1000, 12)})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if _, err := canvas.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<svg", "sp-ray", "floor", ">1000<"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%s is missing", part)
		}
	}
}

func TestNothingToDrawIsSaid(t *testing.T) {
	if _, err := SVG(nil); err == nil {
		t.Error("an empty drawing")
	}
}
