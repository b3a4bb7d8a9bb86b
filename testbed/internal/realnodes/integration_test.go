//go:build integration

package realnodes

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/rootfs"
	"sp-ray.dev/testbed/internal/versions"
)

func TestThreeNodes(t *testing.T) {
	before := machine(t)
	b := start(t)
	names := b.kubectl("", "get", "nodes", "--no-headers", "-o", "custom-columns=:metadata.name,:status.conditions[?(@.type=='Ready')].status")
	if got := strings.Join(strings.Fields(names), " "); got != "a100 True plain True t4 True" {
		t.Errorf("nodes: %s", got)
	}
	b.apply("nodes.yaml")
	b.kubectl("", "wait", "pod", "--all", "--for=condition=Ready", "--timeout=60s")
	t.Run("names and Services", func(t *testing.T) {
		out := b.kubectl("", "exec", "on-plain", "--", "bash", "-c",
			"getent hosts kubernetes.default && echo >/dev/tcp/kubernetes.default/443 && echo connected")
		if !strings.Contains(out, ".0.1 ") || !strings.Contains(out, "connected") {
			t.Error(out)
		}
	})
	t.Run("a GPU is named", func(t *testing.T) {
		out := b.kubectl("", "exec", "on-t4", "--", "printenv", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES")
		if out != "0\n0\n" {
			t.Errorf("%q", out)
		}
	})
	t.Run("the images in the cache stay as they are", func(t *testing.T) {
		if out := b.kubectl("", "exec", "on-a100", "--", "cat", "/etc/os-release"); out != "changed\n" {
			t.Errorf("in the container: %q", out)
		}
		layers, _ := filepath.Glob(filepath.Join(cache.Dir(), "images/containerd-*/io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs/usr/lib/os-release"))
		if len(layers) == 0 {
			t.Error("no layer in the cache")
		}
		for _, file := range layers {
			if content, _ := os.ReadFile(file); !bytes.Contains(content, []byte("PRETTY_NAME")) {
				t.Errorf("%s: %s", file, content)
			}
		}
	})
	t.Run("an image is loaded", func(t *testing.T) { b.loadsImage() })
	t.Run("killed programs are repaired", func(t *testing.T) {
		for _, name := range []string{"containerd-t4", "kubelet-a100", "kube-proxy"} {
			if err := process.Signal(b.dir, name, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		b.up()
		if out := b.kubectl("", "exec", "on-t4", "--", "echo", "alive"); out != "alive\n" {
			t.Errorf("%q", out)
		}
	})
	t.Run("a node fails and comes back", func(t *testing.T) {
		if err := StopNode(b.dir, "node-t4"); err != nil {
			t.Fatal(err)
		}
		l, err := layoutOf(b.dir)
		if err != nil {
			t.Fatal(err)
		}
		if left := living(cgroupProcesses(l.cgroup(nodes[1]))); len(left) > 0 {
			t.Errorf("processes %v outlived the node", left)
		}
		if out := b.kubectl("", "exec", "on-plain", "--", "echo", "alive"); out != "alive\n" {
			t.Errorf("another node: %q", out)
		}
		b.kubectl("", "delete", "node", "t4")
		if err := StartNode(context.Background(), b.dir, "node-t4"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a lost node is rebuilt", func(t *testing.T) {
		if err := process.Signal(b.dir, "node-plain", syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		b.up()
	})
	namespace := b.namespace()
	b.down()
	b.down() // once more: nothing to do
	if left := b.leftovers(namespace); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if after := machine(t); after != before {
		t.Errorf("changed on this machine:\n%s", difference(before, after))
	}
}

// killedUp is set for the copy of this program that is killed.
const killedUp = "TESTBED_KILLED_UP"

func TestUpKilledAtAnyMoment(t *testing.T) {
	if dir := os.Getenv(killedUp); dir != "" {
		if err := Up(context.Background(), Options{StateDir: dir, Progress: func(string) {}}); err != nil {
			t.Fatal(err)
		}
		return
	}
	b := start(t) // everything is built, and there is something to measure by
	began := time.Now()
	b.down()
	b.up()
	whole := time.Since(began)
	b.down()
	const moments = 12
	for i := range moments {
		command := exec.Command(os.Args[0], "-test.run=^TestUpKilledAtAnyMoment$")
		command.Env = append(os.Environ(), killedUp+"="+b.dir)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i) / moments)
		_ = command.Process.Kill()
		_ = command.Wait()
		if i%3 == 2 {
			continue // the next up finds what this one left
		}
		b.down()
		if left := b.leftovers(syscall.Stat_t{}); len(left) > 0 {
			t.Errorf("killed at moment %d of %d, left behind: %v", i, moments, left)
		}
	}
	b.up()
}

func TestRay(t *testing.T) {
	b := start(t)
	b.apply("ray.yaml")
	b.kubectl("", "wait", "pod", "--all", "--for=condition=Ready", "--timeout=150s")
	task, err := os.ReadFile("testdata/task.py")
	if err != nil {
		t.Fatal(err)
	}
	out := b.kubectl(string(task), "exec", "--stdin", "ray-head", "--", "timeout", "60", "python", "-")
	if !strings.Contains(out, "ran on ray-worker with GPU 0") {
		t.Error(out)
	}
	t.Run("this machine reaches a pod", func(t *testing.T) {
		address := b.kubectl("", "get", "pod", "ray-head", "-o", "jsonpath={.status.podIP}")
		client := http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
		response, err := client.Get("http://" + address + ":8265/api/version")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), versions.Get("RAY")) {
			t.Errorf("%s", body)
		}
	})
}

// bed is a running testbed.
type bed struct {
	t       *testing.T
	dir     string
	program string
}

func start(t *testing.T) *bed {
	t.Helper()
	if missing := Missing(); len(missing) > 0 {
		t.Skip(strings.Join(missing, "\n"))
	}
	kubectl, err := cache.Tool(context.Background(), "kubectl")
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{t: t, dir: filepath.Join(t.TempDir(), "testbed"), program: kubectl}
	t.Cleanup(b.down)
	began := time.Now()
	b.up()
	t.Logf("up in %s", time.Since(began).Round(100*time.Millisecond))
	return b
}

func (b *bed) up() {
	b.t.Helper()
	if err := Up(context.Background(), Options{StateDir: b.dir, Progress: func(line string) { b.t.Log(line) }}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) down() {
	b.t.Helper()
	if err := Down(b.dir); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) kubectl(input string, args ...string) string {
	b.t.Helper()
	out, err := runWithInput(context.Background(), input, b.program, append([]string{"--kubeconfig", controlplane.Kubeconfig(b.dir)}, args...)...)
	if err != nil {
		b.t.Fatal(err, b.describe())
	}
	return out
}

func (b *bed) describe() string {
	out, _ := exec.Command(b.program, "--kubeconfig", controlplane.Kubeconfig(b.dir), "describe", "pods").CombinedOutput()
	return string(out)
}

func (b *bed) apply(file string) {
	b.t.Helper()
	manifest, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		b.t.Fatal(err)
	}
	b.kubectl(strings.ReplaceAll(string(manifest), "RAY_VERSION", versions.Get("RAY")), "apply", "-f", "-")
}

// loadsImage runs an image that no node knew before.
func (b *bed) loadsImage() {
	b.t.Helper()
	pause, err := pauseProgram(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	root := b.t.TempDir()
	if err := copyFile(pause, filepath.Join(root, "sleeper"), 0o755); err != nil {
		b.t.Fatal(err)
	}
	archive := filepath.Join(b.t.TempDir(), "sleeper.tar")
	image := rootfs.Image{Names: []string{"example.dev/sleeper:1"}, Entrypoint: []string{"/sleeper"}, Reproducible: true}
	if err := rootfs.WriteArchive(archive, root, image); err != nil {
		b.t.Fatal(err)
	}
	if err := LoadImage(context.Background(), b.dir, archive); err != nil {
		b.t.Fatal(err)
	}
	b.kubectl("", "run", "sleeper", "--image=example.dev/sleeper:1")
	b.kubectl("", "wait", "pod/sleeper", "--for=condition=Ready", "--timeout=30s")
}

// machine describes what a testbed may not change for good. Other testbeds may
// come and go meanwhile: what bears their names does not count.
func machine(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	for _, command := range []string{
		"cut -d' ' -f5- /proc/self/mountinfo",
		"ip -o link | sed 's/^[0-9]*: //'", "ip -4 route",
		"iptables-save | grep -v '^#' | sed 's/\\[.*\\]//'",
		"ls -d /run/* /var/lib/* /var/log/* /opt/*",
		"sysctl -a 2>/dev/null | grep -E '^(vm.overcommit_memory|vm.panic_on_oom|kernel.panic|kernel.panic_on_oops|net.ipv4.ip_forward|net.netfilter.nf_conntrack_max) '",
	} {
		content, _ := exec.Command("sh", "-c", command).Output()
		for line := range strings.Lines(string(content)) {
			if !strings.Contains(line, "spray-") && !strings.Contains(line, namedNamespaces) {
				out.WriteString(line)
			}
		}
	}
	return out.String()
}

// leftovers names what still bears the testbed's name, or is in its namespace.
func (b *bed) leftovers(namespace syscall.Stat_t) []string {
	l, err := layoutOf(b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	var left []string
	for _, path := range []string{l.netnsPath(), "/sys/class/net/" + l.name(), filepath.Join(b.dir, "nodes")} {
		if exists(path) {
			left = append(left, path)
		}
	}
	eachCgroup(l.name(), func(directory string) { left = append(left, directory) })
	for _, pid := range processesIn(namespace) {
		if !ended(pid) {
			left = append(left, fmt.Sprintf("process %d", pid))
		}
	}
	return left
}

// namespace identifies the running testbed's network namespace.
func (b *bed) namespace() syscall.Stat_t {
	b.t.Helper()
	l, err := layoutOf(b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	var stat syscall.Stat_t
	if err := syscall.Stat(l.netnsPath(), &stat); err != nil {
		b.t.Fatal(err)
	}
	return stat
}

func difference(before, after string) string {
	var lines []string
	for line := range strings.Lines(after) {
		if !strings.Contains(before, line) {
			lines = append(lines, "+ "+line)
		}
	}
	for line := range strings.Lines(before) {
		if !strings.Contains(after, line) {
			lines = append(lines, "- "+line)
		}
	}
	return strings.Join(lines, "")
}
