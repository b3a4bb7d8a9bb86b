package realnodes

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
)

// kubeletFiles are the paths that the kubelet's configuration names.
type kubeletFiles struct {
	clientCA, servingCert, servingKey, resolvConf, volumePlugins string
}

// renderKubelet makes the kubelet's configuration. Its format is YAML, and
// therefore JSON too.
func renderKubelet(n node, address netip.Addr, dns, cgroup string, files kubeletFiles) ([]byte, error) {
	config := map[string]any{
		"apiVersion":        "kubelet.config.k8s.io/v1beta1",
		"kind":              "KubeletConfiguration",
		"address":           address.String(),
		"port":              10250,
		"readOnlyPort":      0,
		"healthzPort":       0,
		"tlsCertFile":       files.servingCert,
		"tlsPrivateKeyFile": files.servingKey,
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": files.clientCA},
		},
		"authorization":            map[string]any{"mode": "Webhook"},
		"clusterDNS":               []string{dns},
		"clusterDomain":            "cluster.local",
		"resolvConf":               files.resolvConf,
		"volumePluginDir":          files.volumePlugins,
		"containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
		"cgroupDriver":             "cgroupfs",
		"cgroupRoot":               cgroup,
		"failCgroupV1":             false,
		"failSwapOn":               false,
		// Three kubelets share one machine, each believes that it has all of it.
		"enforceNodeAllocatable": []string{},
		"oomScoreAdj":            0,
		// A full disk or a busy machine is the developer's own, no reason to evict.
		"evictionHard": map[string]string{
			"nodefs.available": "0%", "nodefs.inodesFree": "0%",
			"imagefs.available": "0%", "imagefs.inodesFree": "0%", "memory.available": "0%",
		},
		// A node that is ready, or lost its GPU, should show it soon.
		"nodeStatusUpdateFrequency": "2s",
		// Images can't be pulled again.
		"imageGCHighThresholdPercent": 100,
		"serializeImagePulls":         false,
		// kube-proxy makes the chains; three kubelets need not make them too.
		"makeIPTablesUtilChains": false,
	}
	if n.accelerator != "" {
		config["registerWithTaints"] = []map[string]string{
			{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"},
		}
	}
	return json.MarshalIndent(config, "", "  ")
}

// labels are those that GKE gives the nodes of such a pool.
func (n node) labels() string {
	labels := []string{"cloud.google.com/gke-nodepool=" + n.name}
	if n.accelerator != "" {
		labels = append(labels,
			"cloud.google.com/gke-accelerator="+n.accelerator,
			fmt.Sprintf("cloud.google.com/gke-accelerator-count=%d", n.gpus()))
	}
	return strings.Join(labels, ",")
}

// gpus is the number of named GPUs that the node offers.
func (n node) gpus() int {
	if n.accelerator == "" {
		return 0
	}
	return 1
}
