package watch

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var groupVersion = schema.GroupVersion{Group: "ray.io", Version: "v1"}

// rayCluster is what the bench reads of a RayCluster; all else is skipped while decoding.
type rayCluster struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Status            struct {
		State string `json:"state"`
	} `json:"status"`
}

type rayClusterList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`
	Items           []rayCluster `json:"items"`
}

func (c *rayCluster) DeepCopyObject() runtime.Object {
	copied := *c
	c.ObjectMeta.DeepCopyInto(&copied.ObjectMeta)
	return &copied
}

func (l *rayClusterList) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = make([]rayCluster, len(l.Items))
	for i := range l.Items {
		copied.Items[i] = *l.Items[i].DeepCopyObject().(*rayCluster)
	}
	return &copied
}

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	scheme.AddKnownTypeWithName(groupVersion.WithKind("RayCluster"), &rayCluster{})
	scheme.AddKnownTypeWithName(groupVersion.WithKind("RayClusterList"), &rayClusterList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	return scheme
}
