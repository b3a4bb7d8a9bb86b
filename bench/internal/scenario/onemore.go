package scenario

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/load"
	"sp-ray.dev/bench/internal/measure"
	"sp-ray.dev/bench/internal/report"
	"sp-ray.dev/bench/internal/watch"
)

const (
	jsonPatch = types.JSONPatchType
	// more is how many clusters are created one after the other.
	more = 20
)

// oneMore creates single clusters while many exist.
func (s *session) oneMore(ctx context.Context, workers int) (report.Result, error) {
	var lastPod, ready []time.Duration
	result, err := s.measure(ctx, "one-more", more, workers, func(ctx context.Context) error {
		for _, name := range load.Names("more", more) {
			was, start := s.tracker.Counts(), time.Now()
			if _, err := s.client.Create(ctx, api.RayClusters(namespace), load.Cluster(name, workers)); err != nil {
				return err
			}
			err := s.tracker.Await(ctx, func(c watch.Counts) bool {
				return c.Ready > was.Ready && c.Pods-was.Pods >= workers+1
			})
			if err != nil {
				return err
			}
			times := s.tracker.Times(name)
			lastPod = append(lastPod, times.LastPod.Sub(start))
			ready = append(ready, times.Ready.Sub(start))
		}
		return nil
	})
	result.Percentiles = map[string]float64{
		"last pod p50": measure.Percentile(lastPod, 50).Seconds(),
		"last pod p99": measure.Percentile(lastPod, 99).Seconds(),
		"ready p50":    measure.Percentile(ready, 50).Seconds(),
		"ready p99":    measure.Percentile(ready, 99).Seconds(),
	}
	return result, err
}
