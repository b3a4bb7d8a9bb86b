package scenario

import (
	"context"
	"encoding/json"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/load"
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
	if err := s.awaitFailures(ctx, tenant, s.Broken); err != nil {
		return err
	}
	beside, err := s.create(ctx, "beside-broken", "beside", s.Own, s.Workers)
	if err != nil {
		return err
	}
	keep(beside)
	return nil
}

// awaitFailures returns when of so many clusters of a namespace it is told that their pods are refused: all of them were
// tried, and from now on the operator only repeats.
func (s *session) awaitFailures(ctx context.Context, namespace string, n int) error {
	for {
		page, err := s.client.Get(ctx, api.RayClusters(namespace))
		if err != nil {
			return err
		}
		failures, err := countFailures(page)
		if err != nil {
			return err
		}
		if failures >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(2 * time.Second): // the list is large
		}
	}
}

func countFailures(list []byte) (int, error) {
	var clusters struct {
		Items []struct {
			Status struct {
				Conditions []metav1.Condition `json:"conditions"`
			} `json:"status"`
		} `json:"items"`
	}
	if err := json.Unmarshal(list, &clusters); err != nil {
		return 0, err
	}
	failures := 0
	for _, cluster := range clusters.Items {
		if meta.IsStatusConditionTrue(cluster.Status.Conditions, "ReplicaFailure") {
			failures++
		}
	}
	return failures, nil
}
