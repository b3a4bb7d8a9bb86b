package scenario

import (
	"context"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/load"
	"sp-ray.dev/bench/internal/operator"
	"sp-ray.dev/bench/internal/report"
	"sp-ray.dev/bench/internal/watch"
)

// create measures from the first request until all clusters are ready.
func (s *session) create(ctx context.Context, scenario, prefix string, clusters, workers int) (report.Result, error) {
	names := load.Names(prefix, clusters)
	was := s.tracker.Counts()
	result, err := s.measure(ctx, scenario, clusters, workers, func(ctx context.Context) error {
		if s.floor != nil {
			if err := s.floor.Create(ctx, names, workers); err != nil {
				return err
			}
		} else if err := s.submit(ctx, names, workers); err != nil {
			return err
		}
		return s.tracker.Await(ctx, func(c watch.Counts) bool {
			return c.Ready-was.Ready >= clusters && c.Pods-was.Pods >= clusters*(workers+1)
		})
	})
	if err == nil && s.name == SpRay {
		result.LiveHeap, err = operator.LiveHeap(s.Root, s.process.PID())
	}
	return result, err
}

func (s *session) submit(ctx context.Context, names []string, workers int) error {
	return api.Each(ctx, names, func(ctx context.Context, name string) error {
		_, err := s.client.Create(ctx, api.RayClusters(namespace), load.Cluster(name, workers))
		return err
	})
}

// scale gives each cluster one more worker, until all of these exist.
func (s *session) scale(ctx context.Context, names []string, workers int) (report.Result, error) {
	was := s.tracker.Counts()
	return s.measure(ctx, "scale", len(names), workers+1, func(ctx context.Context) error {
		err := api.Each(ctx, names, func(ctx context.Context, name string) error {
			return s.client.Patch(ctx, api.RayCluster(namespace, name), jsonPatch, load.Replicas(workers+1))
		})
		if err != nil {
			return err
		}
		return s.tracker.Await(ctx, func(c watch.Counts) bool { return c.Pods-was.Pods >= len(names) })
	})
}
