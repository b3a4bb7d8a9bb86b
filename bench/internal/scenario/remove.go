package scenario

import (
	"context"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/report"
	"sp-ray.dev/bench/internal/watch"
)

// remove deletes clusters until they and their pods are gone.
func (s *session) remove(ctx context.Context, names []string, workers int) (report.Result, error) {
	was := s.tracker.Counts()
	return s.measure(ctx, "delete", len(names), workers, func(ctx context.Context) error {
		err := api.Each(ctx, names, func(ctx context.Context, name string) error {
			return s.client.Delete(ctx, api.RayCluster(namespace, name))
		})
		if err != nil {
			return err
		}
		return s.tracker.Await(ctx, func(c watch.Counts) bool {
			return was.Clusters-c.Clusters >= len(names) && was.Pods-c.Pods >= len(names)*(workers+1)
		})
	})
}
