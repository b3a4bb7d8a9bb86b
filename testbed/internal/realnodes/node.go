package realnodes

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
)

//go:embed node-mounts.sh
var nodeMounts string

// systemPath is where the distribution's programs are, whatever the caller's PATH.
const systemPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// kernelSettings are the machine-wide settings that a kubelet changes when it
// starts, with the values that it wants.
var kernelSettings = map[string]string{
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/keys/root_maxbytes": "25000000",
}

// startContainerd makes a node's mount namespace, held by a process that does
// nothing else, and starts containerd in it.
func (l layout) startContainerd(ctx context.Context, n node, prepared string) error {
	pause, err := pauseProgram(ctx)
	if err != nil {
		return err
	}
	if !process.Running(l.stateDir, n.holder()) {
		if err := l.writeNode(n, prepared); err != nil {
			return err
		}
	}
	err = process.Start(l.stateDir, process.Spec{
		Name: n.holder(), Path: pause, Netns: l.name(), MountNs: true, Setup: nodeMounts,
		Env: []string{
			systemPath, "NODE_DIR=" + l.nodeDir(n), "STATE_DIR=" + l.stateDir,
			"CACHE_DIR=" + cache.Dir(), "IMAGES=" + prepared,
		},
	})
	if err != nil {
		return err
	}
	if err := l.awaitMounts(ctx, n); err != nil {
		return err
	}
	return l.startIn(n, n.containerd(), "containerd", "--config", filepath.Join(l.nodeDir(n), "containerd.toml"))
}

// awaitMounts waits until the holder has become the program that it runs:
// before that its mount namespace is not ready.
func (l layout) awaitMounts(ctx context.Context, n node) error {
	pause, err := pauseProgram(ctx)
	if err != nil {
		return err
	}
	return controlplane.Await(ctx, l.stateDir, "the mounts of node "+n.name, []string{n.holder()}, func(context.Context) error {
		program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", process.Pid(l.stateDir, n.holder())))
		if err == nil && filepath.Base(program) != filepath.Base(pause) {
			err = fmt.Errorf("%s still runs %s", n.holder(), program)
		}
		return err
	})
}

// startIn starts a program in a node's mount namespace.
func (l layout) startIn(n node, name, path string, args ...string) error {
	return process.Start(l.stateDir, process.Spec{
		Name: name, Path: "nsenter", Netns: l.name(), Env: []string{systemPath},
		// Ray opens many files, and containers inherit the limit.
		Setup: "ulimit -n 1048576 2>/dev/null || true",
		Args:  append([]string{"--target", strconv.Itoa(process.Pid(l.stateDir, n.holder())), "--mount", "--", path}, args...),
	})
}

// startKubelet starts the kubelet, and the device plugin on a node with GPUs.
func (l layout) startKubelet(ctx context.Context, n node) error {
	kubelet, err := cache.Tool(ctx, "kubelet")
	if err != nil {
		return err
	}
	err = l.startIn(n, n.kubelet(), kubelet,
		"--config="+filepath.Join(l.nodeDir(n), "kubelet.json"),
		"--kubeconfig="+controlplane.ComponentKubeconfig(l.stateDir, n.kubelet()),
		"--hostname-override="+n.name,
		"--node-ip="+l.nodeAddress(n).String(),
		"--node-labels="+n.labels())
	if err != nil || n.gpus() == 0 {
		return err
	}
	plugin, err := devicePluginProgram(ctx)
	if err != nil {
		return err
	}
	return l.startIn(n, n.devicePlugin(), plugin, "--count="+strconv.Itoa(n.gpus()))
}

// writeNode makes a node's directory anew, with the configuration of all its
// programs. What an earlier containerd left in it refers to mounts that are gone.
func (l layout) writeNode(n node, prepared string) error {
	directory := l.nodeDir(n)
	if err := os.RemoveAll(directory); err != nil {
		return err
	}
	for _, path := range []string{"private/run", "private/var/lib/kubelet", "private/var/log", "cni", "volume-plugins"} {
		if err := os.MkdirAll(filepath.Join(directory, path), 0o755); err != nil {
			return err
		}
	}
	if err := copyDatabases(prepared, filepath.Join(directory, "private/var/lib/containerd")); err != nil {
		return err
	}
	files, err := l.nodeFiles(n)
	if err != nil {
		return err
	}
	for setting, value := range kernelSettings {
		files["sysctl/"+setting] = []byte(value + "\n")
	}
	for name, content := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// nodeFiles renders a node's configuration files and issues its certificates.
func (l layout) nodeFiles(n node) (map[string][]byte, error) {
	directory := l.nodeDir(n)
	plugins, err := cniPlugins()
	if err != nil {
		return nil, err
	}
	containerd, err := renderContainerd(plugins, filepath.Join(directory, "cni"))
	if err != nil {
		return nil, err
	}
	cni, err := renderCNI(n.name, l.podCIDR(n))
	if err != nil {
		return nil, err
	}
	err = controlplane.IssueKubeconfig(l.stateDir, l.server(), n.kubelet(), "system:node:"+n.name, "system:nodes")
	if err != nil {
		return nil, err
	}
	cert, key, err := controlplane.IssueCert(l.stateDir, n.kubelet()+"-serving", "system:node:"+n.name,
		[]string{"system:nodes"}, []string{n.name, l.nodeAddress(n).String()})
	if err != nil {
		return nil, err
	}
	ca, _ := controlplane.CA(l.stateDir)
	kubelet, err := renderKubelet(n, l.nodeAddress(n), l.dnsService(), l.cgroup(n), kubeletFiles{
		clientCA: ca, servingCert: cert, servingKey: key,
		resolvConf:    filepath.Join(directory, "resolv.conf"),
		volumePlugins: filepath.Join(directory, "volume-plugins"),
	})
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"containerd.toml":      containerd,
		"cni/10-pods.conflist": cni,
		"kubelet.json":         kubelet,
		// Not the machine's: pods of a host network resolve the cluster's names too.
		"resolv.conf": []byte("nameserver " + l.controlPlaneAddress().String() + "\n"),
	}, nil
}
