package realnodes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"text/template"
)

const pauseImage = "sp-ray.dev/pause:1"

// containerdConfig leaves everything at its default place, which in the node's
// mount namespace is the node's own.
var containerdConfig = template.Must(template.New("containerd").Parse(`version = 2
# What is not used costs time, log lines and, in one case, a directory on the host.
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{{.PauseImage}}"
  # A sandboxed machine may not lower oom_score_adj; without this runc fails there.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{{.CNIPlugins}}"
    conf_dir = "{{.CNIConfig}}"
`))

func renderContainerd(cniPlugins, cniConfig string) ([]byte, error) {
	var out bytes.Buffer
	err := containerdConfig.Execute(&out, map[string]string{
		"PauseImage": pauseImage, "CNIPlugins": cniPlugins, "CNIConfig": cniConfig,
	})
	return out.Bytes(), err
}

// renderCNI connects each pod by a link of its own to the namespace, which
// routes between all of them. A bridge per node would do too, but a Service's
// answer from the same node would then bypass kube-proxy's rules, unless the
// kernel module br_netfilter is there.
func renderCNI(name, podCIDR string) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"cniVersion": "0.4.0",
		"name":       name,
		"plugins": []any{
			map[string]any{
				"type": "ptp",
				"ipam": map[string]any{
					"type":   "host-local",
					"ranges": []any{[]any{map[string]any{"subnet": podCIDR}}},
					"routes": []any{map[string]any{"dst": "0.0.0.0/0"}},
				},
			},
			map[string]any{"type": "portmap", "capabilities": map[string]any{"portMappings": true}},
		},
	}, "", "  ")
}

// cniPluginDirs are where distributions, and CNI's own releases, put the plugins.
var cniPluginDirs = []string{"/usr/lib/cni", "/opt/cni/bin"}

func cniPlugins() (string, error) {
	for _, directory := range cniPluginDirs {
		if exists(directory + "/ptp") {
			return directory, nil
		}
	}
	return "", fmt.Errorf("no CNI plugins in %v", cniPluginDirs)
}
