// Package integration runs the testbed program itself. It needs minutes the first time, when
// everything is built, therefore it is asked for: TESTBED_INTEGRATION=1 go test ./integration
package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

type testbed struct {
	*testing.T
	program, dir string
}

func newTestbed(t *testing.T) testbed {
	t.Helper()
	if os.Getenv("TESTBED_INTEGRATION") == "" {
		t.Skip("skipped: it starts real control planes; TESTBED_INTEGRATION=1 runs it")
	}
	launcher, err := filepath.Abs("../testbed")
	if err != nil {
		t.Fatal(err)
	}
	b := testbed{t, launcher, filepath.Join(t.TempDir(), "state dir")}
	t.Cleanup(func() {
		b.run("down")
		b.assertNothingLeft()
	})
	return b
}

func (b testbed) command(args ...string) *exec.Cmd {
	return exec.Command(b.program, append(args, "--dir", b.dir)...)
}

// run returns standard output and fails the test when the command fails.
func (b testbed) run(args ...string) string {
	b.Helper()
	cmd := b.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("testbed %v: %v\n%s", args, err, stderr.String())
	}
	b.Logf("testbed %v: %s", args, stderr.String())
	return string(out)
}

// fails returns what a failing command says.
func (b testbed) fails(args ...string) string {
	b.Helper()
	out, err := b.command(args...).CombinedOutput()
	if err == nil {
		b.Fatalf("testbed %v did not fail: %s", args, out)
	}
	return string(out)
}

func (b testbed) kubectl(args ...string) string {
	b.Helper()
	path, err := exec.Command(b.program, "bin", "kubectl").Output()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(strings.TrimSpace(string(path)), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+filepath.Join(b.dir, "kubeconfig"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("kubectl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// processes finds whatever has the state directory on its command line or works in it.
func (b testbed) processes() map[int]string {
	found := map[int]string{}
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, entry := range entries {
		pid, _ := strconv.Atoi(filepath.Base(entry))
		commandLine, _ := os.ReadFile(entry + "/cmdline")
		dir, _ := os.Readlink(entry + "/cwd")
		if pid != os.Getpid() && (bytes.Contains(commandLine, []byte(b.dir)) || strings.HasPrefix(dir, b.dir)) {
			found[pid] = strings.ReplaceAll(string(commandLine), "\x00", " ")
		}
	}
	return found
}

func (b testbed) assertNothingLeft() {
	b.Helper()
	if left := b.processes(); len(left) > 0 {
		b.Errorf("processes are left: %v", left)
	}
	if _, err := os.Stat(b.dir); !os.IsNotExist(err) {
		b.Errorf("the directory is left (%v)", err)
	}
}

func (b testbed) pid(component string) int {
	b.Helper()
	for pid, commandLine := range b.processes() {
		if strings.Contains(strings.SplitN(commandLine, " ", 2)[0], component) {
			return pid
		}
	}
	return 0
}

func TestAPI(t *testing.T) {
	b := newTestbed(t)
	if out := b.run("up", "--profile", "api", "--audit"); out != "export KUBECONFIG='"+b.dir+"/kubeconfig'\n" {
		t.Errorf("up printed %q", out)
	}
	if out := b.kubectl("get", "ns"); !strings.Contains(out, "default") {
		t.Errorf("namespaces: %s", out)
	}
	b.kubectl("run", "pod", "--image=none")
	if out := b.run("env"); out != "export KUBECONFIG='"+b.dir+"/kubeconfig'\n" {
		t.Errorf("env printed %q", out)
	}
	if out := b.run("status"); !strings.Contains(out, "kube-apiserver") {
		t.Errorf("status: %s", out)
	}
	if out := b.fails("up", "--profile", "sim"); !strings.Contains(out, "testbed down") {
		t.Errorf("another profile: %s", out)
	}
	b.assertAudited("create", "pods")

	// A crash: up repairs, and the data is still there.
	if err := syscall.Kill(b.pid("kube-apiserver"), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); b.command("status").Run() == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("status does not notice that the server is gone")
		}
	}
	b.run("up", "--profile", "api")
	b.kubectl("get", "pod", "pod")

	// An outage on purpose.
	b.run("stop", "kube-apiserver")
	b.run("start", "kube-apiserver")
	b.kubectl("get", "pod", "pod")
	b.run("stop", "kube-apiserver", "--signal", "STOP")
	if out := b.fails("status"); !strings.Contains(out, "suspended") {
		t.Errorf("status of a suspended server: %s", out)
	}
	b.run("start", "kube-apiserver")
	b.kubectl("get", "pod", "pod")

	b.run("down")
	b.assertNothingLeft()
	if out, err := b.command("down").CombinedOutput(); err != nil || !strings.Contains(string(out), "nothing is running") {
		t.Errorf("down of nothing: %v, %s", err, out)
	}
}

func (b testbed) assertAudited(verb, resource string) {
	b.Helper()
	log, err := os.ReadFile(filepath.Join(b.dir, "logs", "audit.log"))
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(log)), "\n") {
		var event struct {
			Verb      string
			Stage     string
			ObjectRef struct{ Resource string }
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			b.Fatalf("%v in %s", err, line)
		}
		if event.Verb == verb && event.ObjectRef.Resource == resource && event.Stage == "ResponseComplete" {
			return
		}
	}
	b.Errorf("no %s of %s in the audit log", verb, resource)
}

func TestUpKilledAtAnyMoment(t *testing.T) {
	b := newTestbed(t)
	b.run("up", "--profile", "api") // builds what is missing
	b.run("down")
	for delay := 5 * time.Millisecond; delay < 3*time.Second; delay = delay * 3 / 2 {
		up := b.command("up", "--profile", "api")
		if err := up.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		_ = up.Process.Kill()
		_ = up.Wait()
		b.run("down")
		b.assertNothingLeft()
	}
	// The other way out of it is another up.
	up := b.command("up", "--profile", "api")
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	_ = up.Process.Kill()
	_ = up.Wait()
	b.run("up", "--profile", "api")
	b.kubectl("get", "ns", "default")
}

func TestSim(t *testing.T) {
	b := newTestbed(t)
	b.run("up", "--profile", "sim", "--cpu-nodes", "2", "--t4-nodes", "1", "--a100-nodes", "1")
	b.assertNodes(4)
	b.kubectl("create", "deployment", "d", "--image=none", "--replicas=20")
	b.kubectl("rollout", "status", "deployment", "d", "--timeout=60s")
	if out := b.kubectl("get", "pods", "-o", "jsonpath={.items[*].status.podIP}"); len(strings.Fields(out)) != 20 {
		t.Errorf("pod addresses: %s", out)
	}
	b.kubectl("delete", "deployment", "d")
	b.kubectl("wait", "--for=delete", "pod", "--all", "--timeout=60s")

	b.kubectl("apply", "-f", "testdata/gpu-pod.yaml")
	b.kubectl("wait", "--for=condition=Ready", "pod", "gpu", "--timeout=60s")
	if out := b.kubectl("get", "pod", "gpu", "-o", "jsonpath={.spec.nodeName}"); !strings.Contains(out, "a100") {
		t.Errorf("the GPU pod is on %s", out)
	}

	// Pools change from call to call.
	b.run("up", "--profile", "sim", "--cpu-nodes", "1", "--t4-nodes", "3")
	b.assertNodes(5)
}

func (b testbed) assertNodes(wanted int) {
	b.Helper()
	nodes := strings.Split(strings.TrimSpace(b.kubectl("get", "nodes", "--no-headers")), "\n")
	if len(nodes) != wanted {
		b.Errorf("%d nodes, not %d", len(nodes), wanted)
	}
	for _, node := range nodes {
		if !strings.Contains(node, " Ready ") {
			b.Errorf("not ready: %s", node)
		}
	}
}

func TestTwoSideBySide(t *testing.T) {
	first, second := newTestbed(t), newTestbed(t)
	done := make(chan error, 2)
	for _, b := range []testbed{first, second} {
		go func() { done <- b.command("up", "--profile", "api").Run() }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	first.kubectl("create", "ns", "only-in-the-first")
	if out := second.kubectl("get", "ns"); strings.Contains(out, "only-in-the-first") {
		t.Error("they are the same cluster")
	}
}
