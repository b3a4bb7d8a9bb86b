package realnodes

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestUsable(t *testing.T) {
	start := time.Now()
	node := func(change func(*corev1.Node)) *corev1.Node {
		object := &corev1.Node{Status: corev1.NodeStatus{
			Conditions: []corev1.NodeCondition{{
				Type: corev1.NodeReady, Status: corev1.ConditionTrue, LastHeartbeatTime: metav1.NewTime(start),
			}},
			Allocatable: corev1.ResourceList{"nvidia.com/gpu": resource.MustParse("1")},
		}}
		change(object)
		return object
	}
	for name, test := range map[string]struct {
		change func(*corev1.Node)
		usable bool
	}{
		"ready":     {func(*corev1.Node) {}, true},
		"unknown":   {func(n *corev1.Node) { n.Status.Conditions = nil }, false},
		"not ready": {func(n *corev1.Node) { n.Status.Conditions[0].Status = corev1.ConditionFalse }, false},
		"from before": {func(n *corev1.Node) {
			n.Status.Conditions[0].LastHeartbeatTime = metav1.NewTime(start.Add(-time.Minute))
		}, false},
		"without GPU":    {func(n *corev1.Node) { n.Status.Allocatable = nil }, false},
		"still tainted":  {func(n *corev1.Node) { n.Spec.Taints = []corev1.Taint{{Key: "node.kubernetes.io/not-ready"}} }, false},
		"its pool's own": {func(n *corev1.Node) { n.Spec.Taints = []corev1.Taint{{Key: "nvidia.com/gpu"}} }, true},
	} {
		if err := usable(node(test.change), 1, start); (err == nil) != test.usable {
			t.Errorf("%s: %v", name, err)
		}
	}
}
