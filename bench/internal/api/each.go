package api

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Each does something for every item, InFlight at once, and stops at the first error.
func Each[T any](ctx context.Context, items []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(InFlight)
	for _, item := range items {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return do(ctx, item)
		})
	}
	return group.Wait()
}
