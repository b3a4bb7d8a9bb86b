// Package watch follows what an operator does, by two watches.
package watch

import (
	"context"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

const (
	clusterLabel = "ray.io/cluster"
	ready        = "ready"
)

// Counts is how things stand in a namespace.
type Counts struct {
	Clusters int // RayClusters that are there
	Ready    int // of these: with status.state ready
	Pods     int // Ray pods that are there
}

// Times are when a cluster got its last pod so far, and when it was first seen ready.
type Times struct{ LastPod, Ready time.Time }

// Tracker counts one namespace's RayClusters and pods.
type Tracker struct {
	mutex   sync.Mutex
	counts  Counts
	states  map[string]string
	times   map[string]Times
	lastPod time.Time
	changed chan struct{}
}

// Start watches until the context ends, and returns when the watches have begun.
func Start(ctx context.Context, config *rest.Config, namespace string) (*Tracker, error) {
	t := &Tracker{states: map[string]string{}, times: map[string]Times{}, changed: make(chan struct{})}
	clusters, err := clusterWatch(config, namespace)
	if err != nil {
		return nil, err
	}
	pods, err := podWatch(config, namespace)
	if err != nil {
		return nil, err
	}
	_, clusterInformer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: clusters,
		ObjectType:    &rayCluster{},
		Transform:     bare,
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { t.cluster(o.(*rayCluster)) },
			UpdateFunc: func(_, o any) { t.cluster(o.(*rayCluster)) },
			DeleteFunc: func(o any) { t.clusterGone(name(o)) },
		},
	})
	_, podInformer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: pods,
		ObjectType:    &metav1.PartialObjectMetadata{},
		Transform:     bare,
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { t.pod(o.(*metav1.PartialObjectMetadata)) },
			DeleteFunc: func(any) { t.podGone() },
		},
	})
	go clusterInformer.RunWithContext(ctx)
	go podInformer.RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), clusterInformer.HasSynced, podInformer.HasSynced) {
		return nil, fmt.Errorf("the watches did not begin: %w", ctx.Err())
	}
	return t, nil
}

func clusterWatch(config *rest.Config, namespace string) (cache.ListerWatcher, error) {
	scheme := newScheme()
	c := rest.CopyConfig(config)
	c.APIPath = "/apis"
	c.GroupVersion = &groupVersion
	c.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	client, err := rest.RESTClientFor(c)
	if err != nil {
		return nil, err
	}
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			return client.Get().Namespace(namespace).Resource("rayclusters").
				VersionedParams(&options, metav1.ParameterCodec).Do(ctx).Get()
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.Watch = true
			return client.Get().Namespace(namespace).Resource("rayclusters").
				VersionedParams(&options, metav1.ParameterCodec).Watch(ctx)
		},
	}, nil
}

// podWatch is of metadata only: what the pods are like is the operator's business.
func podWatch(config *rest.Config, namespace string) (cache.ListerWatcher, error) {
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	pods := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(namespace)
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.LabelSelector = clusterLabel
			return pods.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.LabelSelector = clusterLabel
			return pods.Watch(ctx, options)
		},
	}, nil
}

// bare drops what is not looked at, so that the bench needs little memory.
func bare(object any) (any, error) {
	if o, ok := object.(metav1.Object); ok {
		o.SetManagedFields(nil)
		o.SetAnnotations(nil)
	}
	return object, nil
}

func name(object any) string {
	if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = gone.Obj
	}
	return object.(metav1.Object).GetName()
}

func (t *Tracker) cluster(c *rayCluster) {
	t.change(func() {
		before, known := t.states[c.Name]
		t.states[c.Name] = c.Status.State
		if !known {
			t.counts.Clusters++
		}
		switch {
		case before != ready && c.Status.State == ready:
			t.counts.Ready++
			times := t.times[c.Name]
			times.Ready = time.Now()
			t.times[c.Name] = times
		case before == ready && c.Status.State != ready:
			t.counts.Ready--
		}
	})
}

func (t *Tracker) clusterGone(name string) {
	t.change(func() {
		t.counts.Clusters--
		if t.states[name] == ready {
			t.counts.Ready--
		}
		delete(t.states, name)
	})
}

func (t *Tracker) pod(pod *metav1.PartialObjectMetadata) {
	t.change(func() {
		t.counts.Pods++
		cluster := pod.Labels[clusterLabel]
		times := t.times[cluster]
		t.lastPod = time.Now()
		times.LastPod = t.lastPod
		t.times[cluster] = times
	})
}

func (t *Tracker) podGone() { t.change(func() { t.counts.Pods-- }) }

func (t *Tracker) change(do func()) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	do()
	close(t.changed)
	t.changed = make(chan struct{})
}

// Counts are the present ones.
func (t *Tracker) Counts() Counts {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.counts
}

// LastPod is when the last pod so far was created.
func (t *Tracker) LastPod() time.Time {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.lastPod
}

// Times of a cluster.
func (t *Tracker) Times(cluster string) Times {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.times[cluster]
}

// Await returns when the counts are as wished.
func (t *Tracker) Await(ctx context.Context, wished func(Counts) bool) error {
	for {
		t.mutex.Lock()
		counts, changed := t.counts, t.changed
		t.mutex.Unlock()
		if wished(counts) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w; at last %d clusters, %d ready, %d pods",
				context.Cause(ctx), counts.Clusters, counts.Ready, counts.Pods)
		}
	}
}
