package simulation

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
)

// Tools are the programs that a simulated cluster needs besides a control plane.
func Tools() []string { return []string{kwokName} }

// APIServerArgs are what the control plane's API server needs for it: the plug-in taints every new
// node as not ready, for the controller manager to see and undo. The simulated ones are ready.
func APIServerArgs() []string {
	return []string{"--disable-admission-plugins=TaintNodesByCondition"}
}

// Up adds the simulated nodes to a running control plane, and takes away what is too many.
// It returns when all nodes are ready.
func Up(ctx context.Context, stateDir string, sizes Sizes, progress func(string)) error {
	stateDir, err := filepath.Abs(stateDir)
	if err != nil {
		return err
	}
	path, err := cache.Tool(ctx, kwokName)
	if err != nil {
		return err
	}
	stageFile, err := stages(ctx)
	if err != nil {
		return fmt.Errorf("the stages of KWOK: %w", err)
	}
	config, err := controlplane.RESTConfig(stateDir)
	if err != nil {
		return err
	}
	if err := controlplane.IssueKubeconfig(stateDir, config.Host, kwokName, "kwok", "system:masters"); err != nil {
		return err
	}
	if err := os.WriteFile(settingsFile(stateDir), []byte(settings), 0o644); err != nil {
		return err
	}
	progress(fmt.Sprintf("starting kwok and %d nodes (%s)", sizes.Total(), sizes))
	if err := process.Start(stateDir, kwokSpec(stateDir, path, stageFile)); err != nil {
		return err
	}
	config.ContentType = runtime.ContentTypeProtobuf
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := apply(ctx, client.CoreV1().Nodes(), Nodes(sizes)); err != nil {
		return err
	}
	return controlplane.Await(ctx, stateDir, "the simulated nodes", []string{"kube-apiserver", kwokName}, func(ctx context.Context) error {
		return allPlayed(ctx, client, sizes.Total())
	})
}

// apply makes the missing nodes and removes those that nobody wants any more.
func apply(ctx context.Context, client typed.NodeInterface, wanted []*corev1.Node) error {
	there, err := managed(ctx, client)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(50)
	for _, node := range wanted {
		if _, ok := there[node.Name]; ok {
			delete(there, node.Name)
			continue
		}
		group.Go(func() error {
			_, err := client.Create(ctx, node, metav1.CreateOptions{})
			if apierrors.IsAlreadyExists(err) {
				return nil
			}
			return err
		})
	}
	for name := range there {
		group.Go(func() error {
			err := client.Delete(ctx, name, metav1.DeleteOptions{})
			if apierrors.IsNotFound(err) {
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

func managed(ctx context.Context, client typed.NodeInterface) (map[string]corev1.Node, error) {
	list, err := client.List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return nil, err
	}
	there := map[string]corev1.Node{}
	for _, node := range list.Items {
		if node.Annotations[managedAnnotation] == managedValue {
			there[node.Name] = node
		}
	}
	return there, nil
}

// allPlayed says whether KWOK plays the kubelet of every node: it does so when it has the node's
// lease. Counting leases costs the server next to nothing, unlike lists of a thousand nodes.
func allPlayed(ctx context.Context, client kubernetes.Interface, wanted int) error {
	leases, err := client.CoordinationV1().Leases(corev1.NamespaceNodeLease).List(ctx, metav1.ListOptions{Limit: 1})
	if err != nil {
		return err
	}
	played := len(leases.Items)
	if leases.RemainingItemCount != nil {
		played += int(*leases.RemainingItemCount)
	}
	// There may be more for a moment: leases of removed nodes are collected as garbage.
	if played < wanted {
		return fmt.Errorf("%d of %d nodes are played", played, wanted)
	}
	return nil
}
