package floor

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestTemplatesAreFilledForEachCluster(t *testing.T) {
	c := children{Template{
		Worker: `{"name":"` + workerPlaceholder + `","owner":"` + clusterPlaceholder + `","uid":"` + uidPlaceholder + `"}`,
		Status: `{"state":"ready","head":"` + clusterPlaceholder + `-head"}`,
	}}
	if got, want := string(c.worker("a", "u", 3)), `{"name":"a-workers-worker-00003","owner":"a","uid":"u"}`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got, want := string(c.status("a", "u", "")), `{"status":{"head":"a-head","state":""}}`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestPodsLoseWhatTheServerAdds(t *testing.T) {
	pod := barePod(corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "p", ResourceVersion: "9", UID: "x", ManagedFields: []metav1.ManagedFieldsEntry{{}}},
		Spec: corev1.PodSpec{
			NodeName:   "n",
			Volumes:    []corev1.Volume{{Name: "kube-api-access-1"}, {Name: "logs"}},
			Containers: []corev1.Container{{VolumeMounts: []corev1.VolumeMount{{Name: "logs"}, {Name: "kube-api-access-1"}}}},
		},
		Status: corev1.PodStatus{Phase: corev1.PodRunning},
	})
	encoded := encode(pod)
	for _, part := range []string{"kube-api-access", `"n"`, "resourceVersion", "managedFields", "Running", `"uid"`} {
		if strings.Contains(encoded, part) {
			t.Errorf("%s is left in %s", part, encoded)
		}
	}
	if !strings.Contains(encoded, "logs") {
		t.Errorf("too much was taken: %s", encoded)
	}
}
