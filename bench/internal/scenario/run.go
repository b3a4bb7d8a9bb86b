package scenario

import (
	"context"
	"fmt"
	"slices"

	"sp-ray.dev/bench/internal/load"
	"sp-ray.dev/bench/internal/report"
)

// The scenarios. Those of the life cycle follow each other on one testbed, the others have one of
// their own.
const (
	Create  = "create"
	Scale   = "scale"
	OneMore = "one-more"
	Restart = "restart"
	Delete  = "delete"
	Large   = "large"
	Broken  = "broken"
)

// All scenarios in the order in which they are measured.
var All = []string{Create, Scale, OneMore, Restart, Delete, Large, Broken}

var lifeCycle = []string{Create, Scale, OneMore, Restart, Delete}

// Run measures one operator, and hands over each result as soon as it is there.
func Run(ctx context.Context, o Options, name string, wanted []string, keep func(report.Result)) error {
	isWanted := func(scenario string) bool { return slices.Contains(wanted, scenario) }
	if slices.ContainsFunc(lifeCycle, isWanted) && (name != Floor || isWanted(Create)) {
		pods := (o.Clusters + more) * (o.Workers + 2)
		err := on(ctx, o, name, pods, func(ctx context.Context, s *session) error {
			return s.lifeCycle(ctx, isWanted, keep)
		})
		if err != nil {
			return err
		}
	}
	if isWanted(Large) {
		err := on(ctx, o, name, o.Large+1, func(ctx context.Context, s *session) error {
			result, err := s.create(ctx, Large, "large", 1, o.Large)
			if err == nil {
				keep(result)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if isWanted(Broken) && name != Floor {
		return on(ctx, o, name, o.Own*(o.Workers+1), func(ctx context.Context, s *session) error {
			return s.broken(ctx, keep)
		})
	}
	return nil
}

func on(ctx context.Context, o Options, name string, pods int, work func(context.Context, *session) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("%s was not done after %s", name, o.Timeout))
	defer cancel()
	s, err := begin(ctx, o, name, pods)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer s.end()
	if err := work(ctx, s); err != nil {
		if s.process != nil {
			if ended := s.process.Alive(); ended != nil {
				err = fmt.Errorf("%w (%w)", ended, err)
			}
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (s *session) lifeCycle(ctx context.Context, wanted func(string) bool, keep func(report.Result)) error {
	names, workers := load.Names("c", s.Clusters), s.Workers
	keepIf := func(result report.Result, err error) error {
		if err == nil && wanted(result.Scenario) {
			keep(result)
		}
		return err
	}
	// All others need its clusters.
	if err := keepIf(s.create(ctx, Create, "c", s.Clusters, workers)); err != nil || s.floor != nil {
		return err
	}
	if wanted(Scale) {
		if err := keepIf(s.scale(ctx, names, workers)); err != nil {
			return err
		}
		workers++
	}
	if wanted(OneMore) {
		if err := keepIf(s.oneMore(ctx, workers)); err != nil {
			return err
		}
		names = append(names, load.Names("more", more)...)
	}
	if wanted(Restart) {
		if err := keepIf(s.restart(ctx, workers)); err != nil {
			return err
		}
	}
	if wanted(Delete) {
		return keepIf(s.remove(ctx, names, workers))
	}
	return nil
}
