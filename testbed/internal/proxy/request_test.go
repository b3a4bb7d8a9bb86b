package proxy

import (
	"net/url"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

func TestParseRequest(t *testing.T) {
	for _, test := range []struct {
		method, url, body string
		wanted            Request
		write             bool
	}{
		{"GET", "/version", "", Request{Verb: "get"}, false},
		{"GET", "/apis/apps/v1", "", Request{Verb: "get"}, false},
		{"GET", "/api/v1/pods", "", Request{Verb: "list", Resource: "pods"}, false},
		{"GET", "/api/v1/pods?watch=true", "", Request{Verb: "watch", Resource: "pods"}, false},
		{"GET", "/api/v1/watch/pods", "", Request{Verb: "watch", Resource: "pods"}, false},
		{"GET", "/api/v1/namespaces/n/pods/p", "", Request{Verb: "get", Resource: "pods", Namespace: "n", Name: "p"}, false},
		{"GET", "/api/v1/namespaces/n/pods?fieldSelector=a%3Db,metadata.name%3Dp", "", Request{Verb: "list", Resource: "pods", Namespace: "n", Name: "p"}, false},
		{"GET", "/api/v1/namespaces/n", "", Request{Verb: "get", Resource: "namespaces", Namespace: "n", Name: "n"}, false},
		{"PUT", "/api/v1/namespaces/n/finalize", "", Request{Verb: "update", Resource: "namespaces/finalize", Namespace: "n", Name: "n"}, true},
		{"POST", "/api/v1/namespaces/n/pods", `{"metadata":{"name":"p"}}`, Request{Verb: "create", Resource: "pods", Namespace: "n", Name: "p"}, true},
		{"POST", "/api/v1/namespaces/n/pods?dryRun=All", "", Request{Verb: "create", Resource: "pods", Namespace: "n", DryRun: true}, false},
		{"PATCH", "/apis/ray.io/v1/namespaces/n/rayclusters/c/status", "", Request{Verb: "patch", Group: "ray.io", Resource: "rayclusters/status", Namespace: "n", Name: "c"}, true},
		{"DELETE", "/api/v1/namespaces/n/pods/p", "", Request{Verb: "delete", Resource: "pods", Namespace: "n", Name: "p"}, true},
		{"DELETE", "/api/v1/namespaces/n/pods", "", Request{Verb: "deletecollection", Resource: "pods", Namespace: "n"}, true},
		{"PUT", "/apis/coordination.k8s.io/v1/namespaces/n/leases/l", "", Request{Verb: "update", Group: "coordination.k8s.io", Resource: "leases", Namespace: "n", Name: "l"}, false},
		{"POST", "/apis/events.k8s.io/v1/namespaces/n/events", "", Request{Verb: "create", Group: "events.k8s.io", Resource: "events", Namespace: "n"}, false},
		{"POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "", Request{Verb: "create", Group: "authorization.k8s.io", Resource: "selfsubjectrulesreviews"}, false},
	} {
		u, err := url.Parse(test.url)
		if err != nil {
			t.Fatal(err)
		}
		got := parseRequest(test.method, u, []byte(test.body))
		if got != test.wanted || got.isWrite() != test.write {
			t.Errorf("%s %s: %+v, write %v", test.method, test.url, got, got.isWrite())
		}
	}
}

func TestNameInProtobuf(t *testing.T) {
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "p"}}
	scheme := runtime.NewScheme()
	encoded, err := runtime.Encode(protobuf.NewSerializer(scheme, scheme), pod)
	if err != nil {
		t.Fatal(err)
	}
	if name := nameIn(encoded); name != "p" {
		t.Errorf("%q", name)
	}
	if name := nameIn([]byte("k8s\x00nonsense")); name != "" {
		t.Errorf("%q", name)
	}
}
