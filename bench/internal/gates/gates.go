// Package gates compares a run with limits, so that a change that costs speed is seen.
package gates

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"sp-ray.dev/bench/internal/report"
)

// Margin is how far above the mean of the runs that it was made from a limit lies.
const Margin = 1.2

// Gates are limits: scenario, then metric, then the largest value that passes.
type Gates map[string]map[string]float64

// metrics are what can be limited. Times are told as multiples of what the floor's creation took in
// the same run, of seconds and of the control plane's CPU: seconds themselves say as much of the
// machine, and of its hour, as of the operator. Counts of requests don't move at all.
var metrics = map[string]func(r report.Report, result report.Result) (float64, bool){
	"timesTheFloor": func(r report.Report, result report.Result) (float64, bool) {
		floor, ok := r.Find("create/floor")
		return result.Seconds / floor.Seconds, ok && floor.Seconds > 0
	},
	"cpuTimesTheFloor": func(r report.Report, result report.Result) (float64, bool) {
		floor, ok := r.Find("create/floor")
		return result.OperatorCPU / floor.ControlPlaneCPU(), ok && floor.ControlPlaneCPU() > 0
	},
	"writesPerCluster": perCluster(report.Result.Writes),
	"eventsPerCluster": perCluster(report.Result.Events),
	"conflicts": func(_ report.Report, result report.Result) (float64, bool) {
		return float64(result.ConflictCount()), true
	},
	"peakRSSMiB": func(_ report.Report, result report.Result) (float64, bool) { return result.PeakRSS, true },
}

func perCluster(count func(report.Result) int) func(report.Report, report.Result) (float64, bool) {
	return func(_ report.Report, result report.Result) (float64, bool) {
		return float64(count(result)) / float64(result.Clusters), result.Clusters > 0
	}
}

// Read loads limits.
func Read(file string) (Gates, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var g Gates
	if err := yaml.UnmarshalStrict(content, &g); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for scenario, limits := range g {
		for metric := range limits {
			if metrics[metric] == nil {
				return nil, fmt.Errorf("%s: %s: there is no metric %q; there are %s", file, scenario, metric,
					strings.Join(slices.Sorted(maps.Keys(metrics)), ", "))
			}
		}
	}
	return g, nil
}

// Check compares sp-ray's results with the limits. A scenario that has limits and no result breaks
// them too: what was not measured did not pass.
func (g Gates) Check(r report.Report) (passed, broken []string) {
	for _, scenario := range slices.Sorted(maps.Keys(g)) {
		result, ok := r.Find(scenario + "/sp-ray")
		if !ok {
			broken = append(broken, scenario+": was not measured")
			continue
		}
		for _, metric := range slices.Sorted(maps.Keys(g[scenario])) {
			limit := g[scenario][metric]
			value, ok := metrics[metric](r, result)
			line := fmt.Sprintf("%s: %s is %.2f, limit %.2f", scenario, metric, value, limit)
			switch {
			case !ok:
				broken = append(broken, fmt.Sprintf("%s: %s was not measured", scenario, metric))
			case value > limit && disturbed(result):
				broken = append(broken, line+" (other processes used the machine meanwhile: repeat it when it is quiet)")
			case value > limit:
				broken = append(broken, line)
			default:
				passed = append(passed, line)
			}
		}
	}
	return passed, broken
}

// disturbed tells whether others had more than a tenth of what the run itself used: then its times
// say little.
func disturbed(result report.Result) bool {
	return result.ForeignCPU > (result.OperatorCPU+result.ControlPlaneCPU())/10
}

// allowed is added to limits that are near zero: a write or two that somebody else's overtook tell
// nothing about a change.
var allowed = map[string]float64{"conflicts": 5}

// From makes limits out of runs: the mean and Margin, and what is allowed beside it.
func From(runs []report.Report) Gates {
	type key struct{ scenario, metric string }
	values := map[key][]float64{}
	for _, r := range runs {
		for _, result := range r.Results {
			if result.Operator != "sp-ray" {
				continue
			}
			for name, metric := range metrics {
				if value, ok := metric(r, result); ok {
					k := key{result.Scenario, name}
					values[k] = append(values[k], value)
				}
			}
		}
	}
	g := Gates{}
	for k, found := range values {
		sum := 0.0
		for _, value := range found {
			sum += value
		}
		if g[k.scenario] == nil {
			g[k.scenario] = map[string]float64{}
		}
		g[k.scenario][k.metric] = round(sum/float64(len(found))*Margin + allowed[k.metric])
	}
	return g
}

func round(value float64) float64 { return float64(int(value*100+0.5)) / 100 }

// YAML is the file that Read reads.
func (g Gates) YAML() ([]byte, error) { return yaml.Marshal(g) }
