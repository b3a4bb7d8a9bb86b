package scenario

import (
	"context"
	"errors"
	"time"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/floor"
	"sp-ray.dev/bench/internal/load"
	"sp-ray.dev/bench/internal/watch"
)

// template has the operator make a cluster, looks at it and deletes it.
func (s *session) template(ctx context.Context) (floor.Template, error) {
	const name = "floor-template-cluster"
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the cluster that the floor takes as its template was not ready within a minute"))
	defer cancel()
	config, err := s.testbed.Config()
	if err != nil {
		return floor.Template{}, err
	}
	tracker, err := watch.Start(ctx, config, namespace)
	if err != nil {
		return floor.Template{}, err
	}
	if _, err := s.client.Create(ctx, api.RayClusters(namespace), load.Cluster(name, 1)); err != nil {
		return floor.Template{}, err
	}
	if err := tracker.Await(ctx, func(c watch.Counts) bool { return c.Ready == 1 }); err != nil {
		return floor.Template{}, err
	}
	template, err := floor.Capture(ctx, s.client, namespace, name)
	if err != nil {
		return template, err
	}
	if err := s.client.Delete(ctx, api.RayCluster(namespace, name)); err != nil {
		return template, err
	}
	return template, tracker.Await(ctx, func(c watch.Counts) bool { return c == watch.Counts{} })
}
