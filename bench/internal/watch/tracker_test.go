package watch

import (
	"context"
	"errors"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func cluster(name, state string) *rayCluster {
	c := &rayCluster{ObjectMeta: metav1.ObjectMeta{Name: name}}
	c.Status.State = state
	return c
}

func podOf(cluster string) *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{clusterLabel: cluster}}}
}

func tracker() *Tracker {
	return &Tracker{states: map[string]string{}, times: map[string]Times{}, changed: make(chan struct{})}
}

func TestClustersAreCountedOnceAndBackAgain(t *testing.T) {
	tr := tracker()
	tr.cluster(cluster("a", ""))
	tr.cluster(cluster("a", ready))
	tr.cluster(cluster("a", ready))
	tr.cluster(cluster("b", ready))
	if got, want := tr.Counts(), (Counts{Clusters: 2, Ready: 2}); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
	tr.cluster(cluster("a", "suspended"))
	tr.clusterGone("b")
	if got, want := tr.Counts(), (Counts{Clusters: 1}); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
	// A new one of an old name.
	tr.cluster(cluster("b", ""))
	if got, want := tr.Counts(), (Counts{Clusters: 2}); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestTimesAreOfEachCluster(t *testing.T) {
	tr := tracker()
	tr.pod(podOf("a"))
	first := tr.Times("a").LastPod
	time.Sleep(time.Millisecond)
	tr.pod(podOf("a"))
	tr.pod(podOf("b"))
	if !tr.Times("a").LastPod.After(first) || tr.Times("b").LastPod.IsZero() || !tr.Times("a").Ready.IsZero() {
		t.Errorf("%+v", tr.times)
	}
	if tr.LastPod() != tr.Times("b").LastPod {
		t.Error("the last pod was another one")
	}
}

func TestAwaitSeesEveryChange(t *testing.T) {
	tr := tracker()
	go func() {
		for range 100 {
			tr.pod(podOf("a"))
		}
	}()
	if err := tr.Await(t.Context(), func(c Counts) bool { return c.Pods == 100 }); err != nil {
		t.Error(err)
	}
}

func TestAwaitSaysHowFarItGot(t *testing.T) {
	tr := tracker()
	tr.pod(podOf("a"))
	late := errors.New("too late")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, late)
	defer cancel()
	err := tr.Await(ctx, func(Counts) bool { return false })
	if !errors.Is(err, late) || err.Error() != "too late; at last 0 clusters, 0 ready, 1 pods" {
		t.Error(err)
	}
}
