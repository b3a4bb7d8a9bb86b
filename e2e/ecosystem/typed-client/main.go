// typed-client does to a RayCluster what clients with KubeRay's Go types do: what they don't know is
// lost on the way, and what is absent may come back as null or empty.
//
//	typed-client NAMESPACE CLUSTER scale GROUP REPLICAS
//	  reads the object, changes the group's replicas and writes all back, as kubectl-ray does
//	typed-client NAMESPACE CLUSTER start KEY VALUE
//	  ends the suspension by a merge patch with the whole list of groups, whose pods and the head get
//	  that node selector, as Kueue does
//
// The API server is that of $KUBECONFIG.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/pkg/client/clientset/versioned"
	typed "github.com/ray-project/kuberay/ray-operator/pkg/client/clientset/versioned/typed/ray/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "typed-client:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 5 {
		return fmt.Errorf("want NAMESPACE CLUSTER scale|start and two values, got %q", args)
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	client, err := versioned.NewForConfig(config)
	if err != nil {
		return err
	}
	clusters := client.RayV1().RayClusters(args[0])
	cluster, err := clusters.Get(ctx, args[1], metav1.GetOptions{})
	if err != nil {
		return err
	}
	switch args[2] {
	case "scale":
		return scale(ctx, clusters, cluster, args[3], args[4])
	case "start":
		return start(ctx, clusters, cluster, map[string]string{args[3]: args[4]})
	default:
		return fmt.Errorf("there is no %s", args[2])
	}
}

func scale(
	ctx context.Context, clusters typed.RayClusterInterface, cluster *rayv1.RayCluster, group, number string,
) error {
	parsed, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return err
	}
	replicas := int32(parsed)
	groups := cluster.Spec.WorkerGroupSpecs
	for i := range groups {
		if groups[i].GroupName == group {
			groups[i].Replicas = &replicas
			_, err := clusters.Update(ctx, cluster, metav1.UpdateOptions{})
			return err
		}
	}
	return fmt.Errorf("%s has no group %s", cluster.Name, group)
}

func start(
	ctx context.Context, clusters typed.RayClusterInterface, cluster *rayv1.RayCluster, selector map[string]string,
) error {
	groups := cluster.Spec.WorkerGroupSpecs
	for i := range groups {
		groups[i].Template.Spec.NodeSelector = selector
	}
	type object = map[string]any
	patch, err := json.Marshal(object{"spec": object{
		"suspend":          false,
		"headGroupSpec":    object{"template": object{"spec": object{"nodeSelector": selector}}},
		"workerGroupSpecs": groups,
	}})
	if err != nil {
		return err
	}
	_, err = clusters.Patch(ctx, cluster.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	return err
}
