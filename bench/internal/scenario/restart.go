package scenario

import (
	"context"

	"sp-ray.dev/bench/internal/operator"
	"sp-ray.dev/bench/internal/report"
)

// restart stops the operator in order, and measures from the start of its successor until that has
// looked at every cluster.
func (s *session) restart(ctx context.Context, workers int) (report.Result, error) {
	clusters := s.tracker.Counts().Clusters
	s.process.Stop()
	s.process = nil
	return s.measure(ctx, "restart", clusters, workers, func(ctx context.Context) error {
		var err error
		if s.process, err = operator.Start(s.spec); err != nil {
			return err
		}
		if err := s.process.AwaitReady(ctx); err != nil {
			return err
		}
		return s.process.AwaitReconciled(ctx, clusters)
	})
}
