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

// awaitRest returns when the control plane has come to rest after its start, which takes it many
// seconds of CPU, and when others leave the machine alone; or after Options.Quiet.
func (s *session) awaitRest(ctx context.Context) error {
	const (
		period = 5 * time.Second
		idle   = 0.15 // of the machine
	)
	deadline := time.Now().Add(s.Quiet)
	for time.Now().Before(deadline) {
		before, err := measure.BusySeconds()
		if err != nil {
			return err
		}
		select {
		case <-time.After(period):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		after, err := measure.BusySeconds()
		if err != nil {
			return err
		}
		if (after-before)/period.Seconds()/float64(runtime.NumCPU()) < idle {
			return nil
		}
	}
	say("%s: the machine did not come to rest within %s; see the column foreign CPU", s.name, s.Quiet)
	return nil
}
