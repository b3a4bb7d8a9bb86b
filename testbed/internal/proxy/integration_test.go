//go:build integration

package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// testbed is a real API server with a proxy process before it.
type testbed struct {
	*testing.T
	program, dir string
	proxy        Running
}

func newTestbed(t *testing.T) *testbed {
	t.Helper()
	program, err := filepath.Abs("../../testbed")
	if err != nil {
		t.Fatal(err)
	}
	b := &testbed{T: t, program: program, dir: filepath.Join(t.TempDir(), "state dir")}
	t.Cleanup(b.down)
	b.run("up", "--profile", "api")
	b.proxy = b.startProxy()
	return b
}

func (b *testbed) down() {
	b.run("down")
	if response, err := http.Get(b.proxy.Control + "/healthz"); err == nil {
		_ = response.Body.Close()
		b.Error("the proxy outlived its testbed")
	}
}

func (b *testbed) run(args ...string) []byte {
	b.Helper()
	cmd := exec.Command(b.program, append(args, "--dir", b.dir)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("testbed %v: %v\n%s", args, err, stderr.String())
	}
	return out
}

func (b *testbed) startProxy(args ...string) Running {
	b.Helper()
	var running Running
	if err := json.Unmarshal(b.run(append([]string{"proxy"}, args...)...), &running); err != nil {
		b.Fatal(err)
	}
	return running
}

// lane opens one with rules and returns its path in the control API and a client.
func (b *testbed) lane(rules string) (string, *kubernetes.Clientset) {
	b.Helper()
	c := control{b.T, b.proxy.Control}
	var address LaneAddress
	c.call(http.StatusCreated, "POST", "/lanes", "", &address)
	path := "/lanes/" + address.ID
	c.call(http.StatusOK, "PUT", path+"/rules", rules, nil)
	return path, b.client(address.URL)
}

func (b *testbed) client(url string) *kubernetes.Clientset {
	b.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", b.proxy.Kubeconfig)
	if err != nil {
		b.Fatal(err)
	}
	config.Host = url
	config.Proxy = http.ProxyURL(nil)
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		b.Fatal(err)
	}
	return client
}

func (b *testbed) rules(path, rules string) {
	b.Helper()
	control{b.T, b.proxy.Control}.call(http.StatusOK, "PUT", path+"/rules", rules, nil)
}

func (b *testbed) report(path string) Report {
	b.Helper()
	var report Report
	control{b.T, b.proxy.Control}.call(http.StatusOK, "GET", path, "", &report)
	return report
}

func named(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

func TestBeforeARealServer(t *testing.T) {
	b := newTestbed(t)
	t.Run("started once", func(t *testing.T) {
		if again := b.startProxy(); again != b.proxy {
			t.Errorf("%+v, then %+v", b.proxy, again)
		}
		if second := b.startProxy("--name", "second"); second.Control == b.proxy.Control {
			t.Error("the second proxy is the first")
		}
	})
	t.Run("the answer to a creation is lost", func(t *testing.T) { lostAnswer(t, b) })
	t.Run("conflict", func(t *testing.T) { conflict(t, b) })
	t.Run("events held and dropped", func(t *testing.T) { heldAndDropped(t, b) })
	t.Run("a watch broken and expired", func(t *testing.T) { brokenAndGone(t, b) })
	t.Run("a held write of a dead client", func(t *testing.T) { deadClient(t, b) })
}

func lostAnswer(t *testing.T, b *testbed) {
	path, client := b.lane(`[{"match": {"verb": "create", "resource": "configmaps", "nth": 1}, "phase": "afterCommit", "action": "cut"}]`)
	_, neighbour := b.lane(`[]`)
	maps := client.CoreV1().ConfigMaps("default")
	if _, err := maps.Create(t.Context(), named("lost"), metav1.CreateOptions{}); err == nil {
		t.Error("the creation was answered")
	}
	if _, err := maps.Create(t.Context(), named("lost"), metav1.CreateOptions{}); !apierrors.IsAlreadyExists(err) {
		t.Errorf("the second creation: %v", err)
	}
	if _, err := neighbour.CoreV1().ConfigMaps("default").Get(t.Context(), "lost", metav1.GetOptions{}); err != nil {
		t.Errorf("the other lane: %v", err)
	}
	report := b.report(path)
	if len(report.Unfired) > 0 || len(report.Log) != 2 || report.Log[0].Name != "lost" || report.Log[0].Code != 201 || report.Log[0].Answered || report.Log[1].Answer != 409 {
		t.Errorf("%+v", report)
	}
}

func conflict(t *testing.T, b *testbed) {
	_, client := b.lane(`[{"match": {"verb": "update", "nth": 1}, "action": {"type": "respond", "code": 409}},
	  {"match": {"verb": "create", "nth": 2}, "action": {"type": "respond", "code": 429, "retryAfterSeconds": 1}}]`)
	maps := client.CoreV1().ConfigMaps("default")
	made, err := maps.Create(t.Context(), named("conflict"), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	made.Data = map[string]string{"a": "b"}
	if _, err := maps.Update(t.Context(), made, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("the update: %v", err)
	}
	start := time.Now()
	if _, err := maps.Create(t.Context(), named("limited"), metav1.CreateOptions{}); err != nil || time.Since(start) < time.Second {
		t.Errorf("the client did not wait a second and try again: %v after %s", err, time.Since(start))
	}
}

func heldAndDropped(t *testing.T, b *testbed) {
	path, client := b.lane(`[]`)
	maps := client.CoreV1().ConfigMaps("default")
	w := watchMaps(t, client)
	create := func(name string) {
		t.Helper()
		if _, err := maps.Create(t.Context(), named(name), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	b.rules(path, `[{"name": "hold", "match": {"resource": "configmaps", "name": "event-*"}, "action": "holdEvents"}]`)
	create("event-a")
	control{t, b.proxy.Control}.call(http.StatusOK, "GET", path+"/wait?fired=hold&timeout=10s", "", nil)
	nothingFrom(t, w)
	control{t, b.proxy.Control}.call(http.StatusOK, "POST", path+"/release", "", nil)
	expectEvent(t, w, "ADDED event-a")
	b.rules(path, `[{"match": {"resource": "configmaps", "type": "ADDED", "nth": 1}, "action": "dropEvents"}]`)
	create("event-b")
	create("event-c")
	expectEvent(t, w, "ADDED event-c")
	if unfired := b.report(path).Unfired; len(unfired) > 0 {
		t.Errorf("unfired: %v", unfired)
	}
}

func brokenAndGone(t *testing.T, b *testbed) {
	path, client := b.lane(`[{"match": {"resource": "configmaps", "nth": 1}, "action": {"type": "breakWatch", "cut": "clean"}}]`)
	maps := client.CoreV1().ConfigMaps("default")
	w := watchMaps(t, client)
	if _, err := maps.Create(t.Context(), named("break"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	expectEvent(t, w, "ADDED break")
	expectEvent(t, w, "end")
	w = watchMaps(t, client)
	b.rules(path, `[{"match": {"resource": "configmaps"}, "action": "gone"}]`)
	expectEvent(t, w, "ERROR 410 Expired")
	expectEvent(t, w, "end")
}

func deadClient(t *testing.T, b *testbed) {
	path, client := b.lane(`[{"name": "kill", "match": {"verb": "write", "nth": 1}, "action": "hold"}]`)
	ctx, kill := context.WithCancel(t.Context())
	result := inBackground(func() error {
		_, err := client.CoreV1().ConfigMaps("default").Create(ctx, named("dead"), metav1.CreateOptions{})
		return err
	})
	c := control{t, b.proxy.Control}
	c.call(http.StatusOK, "GET", path+"/wait?fired=kill&timeout=10s", "", nil)
	kill()
	c.call(http.StatusOK, "POST", path+"/cut", "", nil)
	c.call(http.StatusOK, "POST", path+"/release", "", nil)
	if err := soon(t, result); !errors.Is(err, context.Canceled) {
		t.Errorf("the creation: %v", err)
	}
	_, err := client.CoreV1().ConfigMaps("default").Get(t.Context(), "dead", metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("what the dead client wanted: %v", err)
	}
}

// watchMaps gives events as words, beginning with those to come.
func watchMaps(t *testing.T, client *kubernetes.Clientset) <-chan string {
	t.Helper()
	maps := client.CoreV1().ConfigMaps("default")
	list, err := maps.List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := maps.Watch(t.Context(), metav1.ListOptions{ResourceVersion: list.ResourceVersion})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	events := make(chan string, 100)
	go func() {
		for e := range w.ResultChan() {
			events <- words(e)
		}
		events <- "end"
	}()
	return events
}

func words(e watch.Event) string {
	switch object := e.Object.(type) {
	case *corev1.ConfigMap:
		return string(e.Type) + " " + object.Name
	case *metav1.Status:
		return fmt.Sprintf("%s %d %s", e.Type, object.Code, object.Reason)
	default:
		return string(e.Type)
	}
}

func expectEvent(t *testing.T, events <-chan string, wanted string) {
	t.Helper()
	if got := soon(t, events); strings.TrimSpace(got) != wanted {
		t.Errorf("%q, not %q", got, wanted)
	}
}
