package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/measure"
)

// An API server that was just started ends watches that nobody reads too slowly for one with a
// history: the buffer of a new watch is as long as the number of events that its cache of the
// resource holds, divided by 75. It holds few at first and twice as many each time that it is full
// of recent ones.
const (
	cachedEvents = 9000
	writers      = api.InFlight
)

// giveHistory makes the API server's cache of pods as large as it is in a cluster that is in use.
// Otherwise what is measured is how long the simulated kubelets wait until they try to watch again.
// The readers of pods are suspended meanwhile, so that their first watches, with short buffers, end
// now and not in the middle of a measurement.
func (s *session) giveHistory(ctx context.Context) error {
	const space = "history"
	if err := s.makeNamespace(ctx, space); err != nil {
		return err
	}
	readers := []string{"kwok", "kube-scheduler", "kube-controller-manager"}
	for _, component := range readers {
		if err := s.testbed.Suspend(ctx, component); err != nil {
			return err
		}
	}
	numbers := make([]int, writers)
	for i := range numbers {
		numbers[i] = i
	}
	err := api.Each(ctx, numbers, func(ctx context.Context, i int) error {
		name := fmt.Sprintf("history-%d", i)
		if _, err := s.client.Create(ctx, api.Pods(space), stray(name)); err != nil {
			return err
		}
		for n := range cachedEvents / writers {
			patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"n":"%d"}}}`, n)
			if err := s.client.Patch(ctx, api.Pods(space)+"/"+name, types.MergePatchType, patch); err != nil {
				return err
			}
		}
		return s.client.Delete(ctx, api.Pods(space)+"/"+name)
	})
	if err != nil {
		return err
	}
	for _, component := range readers {
		if err := s.testbed.Continue(ctx, component); err != nil {
			return err
		}
	}
	return nil
}

// stray is a pod on a node that doesn't exist: all readers of pods hear of it, and none acts.
func stray(name string) []byte {
	encoded, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"nodeName":                      "nowhere",
			"terminationGracePeriodSeconds": 0,
			"containers":                    []any{map[string]any{"name": "none", "image": "none"}},
		},
	})
	if err != nil {
		panic(err) // it is made of strings
	}
	return encoded
}

// awaitIdle returns when operator and control plane have come to rest, or after a minute.
func (s *session) awaitIdle(ctx context.Context) error {
	const idle = 0.2 // of one CPU: leases, and what an API server does for itself
	return s.await(ctx, 3*time.Second, time.Minute, idle, func() (float64, error) {
		pids, err := s.testbed.Processes(ctx)
		if err != nil {
			return 0, err
		}
		if s.process != nil && s.process.Alive() == nil {
			pids["operator"] = s.process.PID()
		}
		sum := 0.0
		for _, pid := range pids {
			seconds, err := measure.CPUSeconds(pid)
			if err != nil {
				return 0, err
			}
			sum += seconds
		}
		return sum, nil
	})
}

// awaitQuiet returns when nobody else loads the machine either, or after Options.Quiet.
func (s *session) awaitQuiet(ctx context.Context) error {
	idle := 0.15 * float64(runtime.NumCPU())
	return s.await(ctx, 5*time.Second, s.Quiet, idle, measure.BusySeconds)
}

// await returns when a count of CPU seconds grows by less than idle a second over a period, or when
// the time is up.
func (s *session) await(ctx context.Context, period, limit time.Duration, idle float64, used func() (float64, error)) error {
	before, err := used()
	for deadline := time.Now().Add(limit); err == nil && time.Now().Before(deadline); {
		select {
		case <-time.After(period):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		var now float64
		now, err = used()
		if (now-before)/period.Seconds() < idle {
			break
		}
		before = now
	}
	return err
}
