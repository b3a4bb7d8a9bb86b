// Package floor is the least that any operator needs: a client that creates the same objects and
// does nothing else.
package floor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sp-ray.dev/bench/internal/api"
)

// Placeholders in templates. Each is a valid value of its field, so that sizes stay what they are.
const (
	clusterPlaceholder = "floor-placeholder"
	workerPlaceholder  = "floor-worker-placeholder"
	uidPlaceholder     = "f100f100-0000-4000-8000-000000000000"
)

// Template is what an operator made for one cluster.
type Template struct {
	Service, Head, Worker, Status string
}

// Capture takes a ready cluster's children as templates.
func Capture(ctx context.Context, client *api.Client, namespace, cluster string) (Template, error) {
	var t Template
	raw, err := client.Get(ctx, api.RayCluster(namespace, cluster))
	if err != nil {
		return t, err
	}
	var owner struct {
		Metadata metav1.ObjectMeta `json:"metadata"`
		Status   json.RawMessage   `json:"status"`
	}
	if err := json.Unmarshal(raw, &owner); err != nil {
		return t, err
	}
	uid := string(owner.Metadata.UID)

	var services corev1.ServiceList
	if err := list(ctx, client, api.Services(namespace), cluster, &services); err != nil {
		return t, err
	}
	var pods corev1.PodList
	if err := list(ctx, client, api.Pods(namespace), cluster, &pods); err != nil {
		return t, err
	}
	head := slices.IndexFunc(pods.Items, func(p corev1.Pod) bool { return p.Labels["ray.io/node-type"] == "head" })
	worker := slices.IndexFunc(pods.Items, func(p corev1.Pod) bool { return p.Labels["ray.io/node-type"] == "worker" })
	if len(services.Items) != 1 || head < 0 || worker < 0 {
		return t, fmt.Errorf("%s has %d services and %d pods: no template", cluster, len(services.Items), len(pods.Items))
	}
	replace := strings.NewReplacer(pods.Items[worker].Name, workerPlaceholder, cluster, clusterPlaceholder, uid, uidPlaceholder)
	t.Service = replace.Replace(encode(bareService(services.Items[0])))
	t.Head = replace.Replace(encode(barePod(pods.Items[head])))
	t.Worker = replace.Replace(encode(barePod(pods.Items[worker])))
	t.Status = replace.Replace(string(owner.Status))
	return t, nil
}

func list(ctx context.Context, client *api.Client, path, cluster string, into any) error {
	raw, err := client.Get(ctx, path, "labelSelector", "ray.io/cluster="+cluster)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func bareMeta(m metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: m.Name, Labels: m.Labels, Annotations: m.Annotations, OwnerReferences: m.OwnerReferences,
	}
}

func bareService(s corev1.Service) corev1.Service {
	s.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}
	s.ObjectMeta = bareMeta(s.ObjectMeta)
	s.Status = corev1.ServiceStatus{}
	if s.Spec.ClusterIP != corev1.ClusterIPNone {
		s.Spec.ClusterIP, s.Spec.ClusterIPs = "", nil
	}
	return s
}

// barePod drops what the API server and the scheduler have added.
func barePod(p corev1.Pod) corev1.Pod {
	p.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}
	p.ObjectMeta = bareMeta(p.ObjectMeta)
	p.Status = corev1.PodStatus{}
	p.Spec.NodeName = ""
	p.Spec.Tolerations = nil
	token := func(name string) bool { return strings.HasPrefix(name, "kube-api-access-") }
	p.Spec.Volumes = slices.DeleteFunc(p.Spec.Volumes, func(v corev1.Volume) bool { return token(v.Name) })
	for _, containers := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for i := range containers {
			containers[i].VolumeMounts = slices.DeleteFunc(containers[i].VolumeMounts,
				func(m corev1.VolumeMount) bool { return token(m.Name) })
		}
	}
	return p
}

func encode(object any) string {
	encoded, err := json.Marshal(object)
	if err != nil {
		panic(err) // it was decoded before
	}
	return string(encoded)
}

// children of one cluster, as they are sent.
type children struct{ template Template }

func (c children) service(cluster, uid string) []byte {
	return fill(c.template.Service, cluster, uid, "")
}
func (c children) head(cluster, uid string) []byte { return fill(c.template.Head, cluster, uid, "") }

func (c children) worker(cluster, uid string, number int) []byte {
	return fill(c.template.Worker, cluster, uid, fmt.Sprintf("%s-workers-worker-%05d", cluster, number))
}

// status is the operator's last one, with another state.
func (c children) status(cluster, uid, state string) []byte {
	var status map[string]any
	if err := json.Unmarshal(fill(c.template.Status, cluster, uid, ""), &status); err != nil {
		panic(err) // it was decoded before
	}
	status["state"] = state
	return []byte(encode(map[string]any{"status": status}))
}

func fill(template, cluster, uid, worker string) []byte {
	return []byte(strings.NewReplacer(
		workerPlaceholder, worker, clusterPlaceholder, cluster, uidPlaceholder, uid).Replace(template))
}
