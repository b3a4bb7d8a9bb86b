package realnodes

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"text/template"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func TestContainerdConfig(t *testing.T) {
	config, err := renderContainerd("/usr/lib/cni", "/state/nodes/t4/cni")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`sandbox_image = "sp-ray.dev/pause:1"`, `bin_dir = "/usr/lib/cni"`, `conf_dir = "/state/nodes/t4/cni"`,
		"restrict_oom_score_adj = true", `"io.containerd.internal.v1.opt"`,
	} {
		if !strings.Contains(string(config), want) {
			t.Errorf("%s is not in\n%s", want, config)
		}
	}
}

func TestCNIConfigHasTheNodesOwnRange(t *testing.T) {
	var l layout
	for _, n := range nodes {
		config, err := renderCNI(n.name, l.podCIDR(n))
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(config) || !strings.Contains(string(config), l.podCIDR(n)) {
			t.Errorf("%s: %s", n.name, config)
		}
	}
}

func TestKubeletConfig(t *testing.T) {
	for _, n := range nodes {
		content, err := renderKubelet(n, netip.MustParseAddr("10.213.0.19"), "10.96.0.10", "/spray-abc/"+n.name, kubeletFiles{clientCA: "ca.crt"})
		if err != nil {
			t.Fatal(err)
		}
		var config struct {
			Address, CgroupRoot    string
			FailCgroupV1           *bool
			RegisterWithTaints     []struct{ Key, Value, Effect string }
			EnforceNodeAllocatable []string
		}
		if err := json.Unmarshal(content, &config); err != nil {
			t.Fatal(err)
		}
		if config.Address != "10.213.0.19" || config.CgroupRoot != "/spray-abc/"+n.name || config.FailCgroupV1 == nil || *config.FailCgroupV1 {
			t.Errorf("%s: %s", n.name, content)
		}
		if tainted := len(config.RegisterWithTaints) == 1 && config.RegisterWithTaints[0].Key == "nvidia.com/gpu"; tainted != (n.gpus() > 0) {
			t.Errorf("%s: taints %v", n.name, config.RegisterWithTaints)
		}
		if labelled := strings.Contains(n.labels(), "gke-accelerator="+n.accelerator) && strings.Contains(n.labels(), "gke-accelerator-count=1"); labelled != (n.gpus() > 0) {
			t.Errorf("%s: labels %s", n.name, n.labels())
		}
	}
}

func TestKubeProxyLeavesTheMachinesConnectionTableAlone(t *testing.T) {
	content, err := renderKubeProxy("/state/kubeconfig", "10.244.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Conntrack struct{ MaxPerCore, Min *int }
	}
	if err := json.Unmarshal(content, &config); err != nil {
		t.Fatal(err)
	}
	if c := config.Conntrack; c.MaxPerCore == nil || *c.MaxPerCore != 0 || c.Min == nil || *c.Min != 0 {
		t.Errorf("%s", content)
	}
}

func TestDNSManifestIsYAML(t *testing.T) {
	manifest, err := render(template.Must(template.New("dns").Parse(dnsManifest)), map[string]any{
		"Address": "10.213.0.18", "Port": 53, "ServiceAddress": "10.96.0.10",
	})
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(manifest), 4096)
	kinds := ""
	for range 4 {
		var object struct{ Kind string }
		if err := decoder.Decode(&object); err != nil {
			t.Fatal(err)
		}
		kinds += object.Kind + " "
	}
	if kinds != "Service EndpointSlice ClusterRole ClusterRoleBinding " {
		t.Error(kinds)
	}
}
