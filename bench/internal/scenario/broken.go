package scenario

import (
	"context"
	"strings"
	"time"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/load"
	"sp-ray.dev/bench/internal/measure"
	"sp-ray.dev/bench/internal/report"
)

// broken creates clusters twice: alone, and beside another tenant's many clusters whose pods are
// refused. The operator is warm both times.
func (s *session) broken(ctx context.Context, keep func(report.Result)) error {
	const tenant = "other-tenant"
	if err := s.makeNamespace(ctx, tenant); err != nil {
		return err
	}
	warmUp := load.Names("warm-up", s.Own)
	if _, err := s.create(ctx, "warm-up", "warm-up", s.Own, s.Workers); err != nil {
		return err
	}
	if _, err := s.remove(ctx, warmUp, s.Workers); err != nil {
		return err
	}
	alone, err := s.create(ctx, "alone", "alone", s.Own, s.Workers)
	if err != nil {
		return err
	}
	keep(alone)
	if _, err := s.remove(ctx, load.Names("alone", s.Own), s.Workers); err != nil {
		return err
	}
	err = api.Each(ctx, load.Names("broken", s.Broken), func(ctx context.Context, name string) error {
		_, err := s.client.Create(ctx, api.RayClusters(tenant), load.Broken(name, s.Workers))
		return err
	})
	if err != nil {
		return err
	}
	const headAndGroup = 2
	if err := s.awaitRefusals(ctx, headAndGroup*s.Broken); err != nil {
		return err
	}
	beside, err := s.create(ctx, "beside-broken", "beside", s.Own, s.Workers)
	if err != nil {
		return err
	}
	keep(beside)
	return nil
}

// awaitRefusals returns when that many creations of pods were refused: all of the broken clusters
// were tried, and from now on the operator only repeats.
func (s *session) awaitRefusals(ctx context.Context, n int) error {
	const total = "apiserver_request_total"
	for {
		page, err := s.client.Metrics(ctx)
		if err != nil {
			return err
		}
		counters, err := measure.Parse(page, total)
		if err != nil {
			return err
		}
		refused := counters[total].Sum(func(labels map[string]string) bool {
			return labels["verb"] == "POST" && labels["resource"] == "pods" && labels["subresource"] == "" &&
				strings.HasPrefix(labels["code"], "4")
		})
		if refused >= float64(n) {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(2 * time.Second): // the page is large
		}
	}
}
