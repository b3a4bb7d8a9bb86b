package realnodes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
)

const serverPort = 6443

func (l layout) server() string {
	return "https://" + l.controlPlaneAddress().String() + ":" + strconv.Itoa(serverPort)
}

// Options say where, and how much of it is told.
type Options struct {
	StateDir string
	Audit    bool         // log every request to logs/audit.log
	Progress func(string) // told what is being done
	// RayPackages is a lock file of pip with what the Ray image is to have; "" is Ray alone.
	RayPackages string
}

// Up starts what is not running yet and returns when the three nodes are Ready
// and the GPUs are offered. What a crash left in pieces is removed first.
// Missing must have found nothing before.
func Up(ctx context.Context, o Options) error {
	l, err := layoutOf(o.StateDir)
	if err != nil {
		return err
	}
	progress := o.Progress
	withSystemPath()
	if err := l.checkFileSystem(); err != nil {
		return err
	}
	prepared, err := prepare(ctx, o.RayPackages, progress)
	if err != nil {
		return err
	}
	if !l.intact() {
		if err := l.remove(ctx); err != nil {
			return fmt.Errorf("removing what an earlier run left: %w", err)
		}
	}
	if err := l.upNetwork(ctx); err != nil {
		return err
	}
	if err := l.upCgroups(); err != nil {
		return err
	}
	progress("starting the control plane and the nodes' containerds")
	if err := l.upControlPlane(ctx, prepared, o); err != nil {
		return err
	}
	progress("starting the kubelets")
	restarted := l.stoppedKubelets()
	var group errgroup.Group
	group.Go(func() error { return l.startKubeProxy(ctx) })
	group.Go(func() error { return l.startDNS(ctx) })
	for _, n := range nodes {
		group.Go(func() error { return l.startKubelet(ctx, n) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	progress("waiting for the nodes")
	for _, n := range nodes {
		if err := l.awaitNode(ctx, n, restarted[n.name]); err != nil {
			return err
		}
	}
	return l.awaitServices(ctx)
}

// prepare builds and downloads whatever is missing in the cache, before
// anything is started.
func prepare(ctx context.Context, rayPackages string, progress func(string)) (string, error) {
	if _, err := cache.Tools(ctx, "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
		"kubectl", "kubelet", kubeProxy, coreDNS); err != nil {
		return "", err
	}
	if _, err := devicePluginProgram(ctx); err != nil {
		return "", err
	}
	return preparedImages(ctx, rayPackages, progress)
}

// upControlPlane starts the control plane and, meanwhile, the containerds.
func (l layout) upControlPlane(ctx context.Context, prepared string, o Options) error {
	var group errgroup.Group
	group.Go(func() error {
		return controlplane.Up(ctx, controlplane.Options{
			StateDir: l.stateDir, Netns: l.name(),
			BindAddress: "0.0.0.0", AdvertiseAddress: l.controlPlaneAddress().String(), Port: serverPort,
			ServiceCIDR:       l.serviceCIDR(),
			ControllerManager: true, Scheduler: true,
			// CNI hands out the pods' addresses; ClusterCIDR would do it a second time.
			Audit: o.Audit, Progress: o.Progress,
		})
	})
	for _, n := range nodes {
		group.Go(func() error { return l.startContainerd(ctx, n, prepared) })
	}
	return group.Wait()
}

// intact says whether nothing of the testbed runs, or enough that the rest can
// be started beside it: the namespaces live as long as their holders.
func (l layout) intact() bool {
	if !l.namespaceUsable() {
		return false
	}
	for _, n := range nodes {
		if !process.Running(l.stateDir, n.holder()) {
			return false
		}
	}
	return true
}

// stoppedKubelets returns since when what the API server says of a node is
// true: of one whose kubelet is about to be started, only from now on.
func (l layout) stoppedKubelets() map[string]time.Time {
	since := map[string]time.Time{}
	for _, n := range nodes {
		if !process.Running(l.stateDir, n.kubelet()) {
			since[n.name] = thisSecond()
		}
	}
	return since
}

// thisSecond is now, as exactly as the API tells times.
func thisSecond() time.Time { return time.Now().Truncate(time.Second) }

// awaitNode waits until a node is Ready and offers its GPUs.
func (l layout) awaitNode(ctx context.Context, n node, since time.Time) error {
	config, err := controlplane.RESTConfig(l.stateDir)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	components := []string{n.holder(), n.containerd(), n.kubelet()}
	return controlplane.Await(ctx, l.stateDir, "node "+n.name, components, func(ctx context.Context) error {
		object, err := client.CoreV1().Nodes().Get(ctx, n.name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		return usable(object, n.gpus(), since)
	})
}

// usable says what a node still lacks before pods can be placed on it.
func usable(object *corev1.Node, gpus int, since time.Time) error {
	i := slices.IndexFunc(object.Status.Conditions, func(c corev1.NodeCondition) bool { return c.Type == corev1.NodeReady })
	if i < 0 || object.Status.Conditions[i].LastHeartbeatTime.Time.Before(since) {
		return errors.New("not ready: its kubelet has reported nothing yet")
	}
	if ready := object.Status.Conditions[i]; ready.Status != corev1.ConditionTrue {
		return errors.New("not ready: " + ready.Message)
	}
	for _, taint := range object.Spec.Taints {
		if strings.HasPrefix(taint.Key, "node.kubernetes.io/") {
			return errors.New("tainted " + taint.Key)
		}
	}
	offered := object.Status.Allocatable[corev1.ResourceName("nvidia.com/gpu")]
	if offered.Value() != int64(gpus) {
		return fmt.Errorf("it offers %s of %d GPUs", offered.String(), gpus)
	}
	return nil
}
