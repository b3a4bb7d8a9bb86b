package floor

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/load"
)

// Floor creates clusters together with their children, api.InFlight requests at once.
type Floor struct {
	client    *api.Client
	namespace string
	children  children
	requests  chan struct{} // a place for each request under way

	mutex   sync.Mutex
	missing map[string]*pending
}

// pending is a cluster whose pods are not all ready.
type pending struct {
	uid  string
	pods int
	done chan struct{}
}

// New makes one that acts as the config says.
func New(config *rest.Config, namespace string, template Template) (*Floor, error) {
	client, err := api.New(config)
	if err != nil {
		return nil, err
	}
	return &Floor{
		client: client, namespace: namespace, children: children{template},
		requests: make(chan struct{}, api.InFlight), missing: map[string]*pending{},
	}, nil
}

// Watch follows the readiness of pods until the context ends.
func (f *Floor) Watch(ctx context.Context, config *rest.Config) error {
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	pods := cache.NewFilteredListWatchFromClient(clients.CoreV1().RESTClient(), "pods", f.namespace,
		func(options *metav1.ListOptions) {
			options.LabelSelector = "ray.io/is-ray-node=yes"
			options.FieldSelector = fields.Everything().String()
		})
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.ToListWatcherWithWatchListSemantics(pods, clients),
		ObjectType:    &corev1.Pod{},
		Transform:     onlyReadiness,
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { f.see(nil, o.(*corev1.Pod)) },
			UpdateFunc: func(before, o any) { f.see(before.(*corev1.Pod), o.(*corev1.Pod)) },
		},
	})
	go informer.RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return fmt.Errorf("the watch did not begin: %w", ctx.Err())
	}
	return nil
}

func onlyReadiness(object any) (any, error) {
	pod := object.(*corev1.Pod)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace, Labels: pod.Labels, ResourceVersion: pod.ResourceVersion},
		Status:     corev1.PodStatus{Conditions: pod.Status.Conditions},
	}, nil
}

func ready(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

func (f *Floor) see(before, pod *corev1.Pod) {
	if !ready(pod) || before != nil && ready(before) {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if p := f.missing[pod.Labels["ray.io/cluster"]]; p != nil {
		if p.pods--; p.pods == 0 {
			close(p.done)
		}
	}
}

// Create makes clusters with that many workers each, and returns when all of their pods are ready
// and both statuses are written.
func (f *Floor) Create(ctx context.Context, names []string, workers int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	// A cluster waits for its pods without a place among the requests, and only so many are begun
	// that those that are begun are carried through.
	begun := make(chan struct{}, 4*api.InFlight)
	for _, name := range names {
		p := &pending{pods: workers + 1, done: make(chan struct{})}
		f.mutex.Lock()
		f.missing[name] = p
		f.mutex.Unlock()
		begun <- struct{}{}
		all.Go(func() {
			err := f.begin(ctx, name, workers, p)
			<-begun
			if err == nil {
				err = f.finish(ctx, name, p)
			}
			if err != nil {
				cancel(err)
			}
		})
		if ctx.Err() != nil {
			break
		}
	}
	all.Wait()
	return context.Cause(ctx)
}

func (f *Floor) begin(ctx context.Context, name string, workers int, p *pending) error {
	uid, err := f.cluster(ctx, name, workers)
	if err != nil {
		return err
	}
	p.uid = uid
	if err := f.create(ctx, api.Services(f.namespace), f.children.service(name, uid)); err != nil {
		return err
	}
	if err := f.create(ctx, api.Pods(f.namespace), f.children.head(name, uid)); err != nil {
		return err
	}
	numbers := make([]int, workers)
	for i := range numbers {
		numbers[i] = i
	}
	err = api.Each(ctx, numbers, func(ctx context.Context, i int) error {
		return f.create(ctx, api.Pods(f.namespace), f.children.worker(name, uid, i))
	})
	if err != nil {
		return err
	}
	return f.patchStatus(ctx, name, uid, "")
}

func (f *Floor) finish(ctx context.Context, name string, p *pending) error {
	select {
	case <-p.done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return f.patchStatus(ctx, name, p.uid, "ready")
}

func (f *Floor) cluster(ctx context.Context, name string, workers int) (uid string, err error) {
	f.requests <- struct{}{}
	defer func() { <-f.requests }()
	stored, err := f.client.Create(ctx, api.RayClusters(f.namespace), load.Cluster(name, workers))
	if err != nil {
		return "", err
	}
	var object metav1.PartialObjectMetadata
	err = json.Unmarshal(stored, &object)
	return string(object.UID), err
}

func (f *Floor) create(ctx context.Context, path string, object []byte) error {
	f.requests <- struct{}{}
	defer func() { <-f.requests }()
	_, err := f.client.Create(ctx, path, object)
	return err
}

func (f *Floor) patchStatus(ctx context.Context, name, uid, state string) error {
	f.requests <- struct{}{}
	defer func() { <-f.requests }()
	return f.client.Patch(ctx, api.RayCluster(f.namespace, name)+"/status", types.MergePatchType,
		f.children.status(name, uid, state))
}
