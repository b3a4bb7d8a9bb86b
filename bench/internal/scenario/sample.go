package scenario

import (
	"context"
	"maps"
	"os"
	"strings"
	"time"

	"sp-ray.dev/bench/internal/install"
	"sp-ray.dev/bench/internal/measure"
	"sp-ray.dev/bench/internal/report"
)

// sample is all counters at one moment.
type sample struct {
	requests, all, conflicts  map[string]int
	operator, bench, busy     float64
	pid, endedWatches, passes int
	components                map[string]float64
}

func (s *session) sample(ctx context.Context) (sample, error) {
	var taken sample
	page, err := s.client.Metrics(ctx)
	if err != nil {
		return taken, err
	}
	const total, terminated = "apiserver_request_total", "apiserver_terminated_watchers_total"
	counters, err := measure.Parse(page, total, terminated, install.DispatchedMetric)
	if err != nil {
		return taken, err
	}
	taken.endedWatches = int(counters[terminated].Sum(func(map[string]string) bool { return true }))
	taken.all = counters[total].By(measure.RequestKey)
	taken.conflicts = counters[total].By(measure.ConflictKey)
	maps.DeleteFunc(taken.conflicts, func(key string, _ int) bool { return strings.HasSuffix(key, " pods/status") })
	taken.requests = counters[install.DispatchedMetric].By(func(labels map[string]string) string {
		if !strings.HasPrefix(labels["flow_schema"], install.FlowPrefix+s.account+".") {
			return ""
		}
		return install.FlowKey(labels)
	})
	if s.process != nil {
		taken.pid = s.process.PID()
		if taken.operator, err = measure.CPUSeconds(taken.pid); err != nil {
			return taken, err
		}
		if taken.passes, err = s.process.Passes(); err != nil {
			return taken, err
		}
	}
	if taken.bench, err = measure.CPUSeconds(os.Getpid()); err != nil {
		return taken, err
	}
	if taken.busy, err = measure.BusySeconds(); err != nil {
		return taken, err
	}
	pids, err := s.testbed.Processes(ctx)
	if err != nil {
		return taken, err
	}
	taken.components = map[string]float64{}
	for name, pid := range pids {
		if taken.components[name], err = measure.CPUSeconds(pid); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// measure carries out one scenario between two samples.
func (s *session) measure(ctx context.Context, scenario string, clusters, workers int, work func(context.Context) error) (report.Result, error) {
	result := report.Result{Scenario: scenario, Operator: s.name, Clusters: clusters, Workers: workers}
	before, err := s.sample(ctx)
	if err != nil {
		return result, err
	}
	stop := s.progress(scenario, clusters, workers)
	start := time.Now()
	err = work(ctx)
	result.Seconds = time.Since(start).Seconds()
	if last := s.tracker.LastPod(); last.After(start) {
		result.PodsSeconds = last.Sub(start).Seconds()
	}
	stop()
	if err != nil {
		return result, err
	}
	// Its last writes, statuses and Events, are a part of what it costs.
	if err := s.awaitIdle(ctx); err != nil {
		return result, err
	}
	after, err := s.sample(ctx)
	if err != nil {
		return result, err
	}
	fill(&result, before, after)
	if s.process != nil {
		memory, err := measure.ResidentMemory(s.process.PID())
		if err != nil {
			return result, err
		}
		result.PeakRSS, result.RSS = memory.Peak, memory.Now
	}
	return result, nil
}

func fill(result *report.Result, before, after sample) {
	result.Requests = measure.Difference(before.requests, after.requests)
	result.AllRequests = measure.Difference(before.all, after.all)
	result.Conflicts = measure.Difference(before.conflicts, after.conflicts)
	result.EndedWatches = after.endedWatches - before.endedWatches
	result.OperatorCPU, result.Passes = after.operator, after.passes
	if before.pid == after.pid {
		result.OperatorCPU -= before.operator
		result.Passes -= before.passes
	}
	result.BenchCPU = after.bench - before.bench
	result.ControlPlane = map[string]float64{}
	for name, seconds := range after.components {
		result.ControlPlane[name] = seconds - before.components[name]
	}
	result.ForeignCPU = max(0, after.busy-before.busy-result.OperatorCPU-result.BenchCPU-result.ControlPlaneCPU())
}
