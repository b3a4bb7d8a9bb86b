package realnodes

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
)

const (
	kubeProxy = "kube-proxy"
	coreDNS   = "coredns"
)

// One kube-proxy serves all nodes: they share the network namespace.
func (l layout) startKubeProxy(ctx context.Context) error {
	path, err := cache.Tool(ctx, "kube-proxy")
	if err != nil {
		return err
	}
	if err := controlplane.IssueKubeconfig(l.stateDir, l.server(), kubeProxy, "system:kube-proxy"); err != nil {
		return err
	}
	config, err := renderKubeProxy(controlplane.ComponentKubeconfig(l.stateDir, kubeProxy), l.clusterCIDR())
	if err != nil {
		return err
	}
	file := filepath.Join(l.stateDir, "kube-proxy.json")
	if err := writeIfChanged(file, config); err != nil {
		return err
	}
	return process.Start(l.stateDir, process.Spec{
		Name: kubeProxy, Path: path, Args: []string{"--config=" + file, "--hostname-override=" + nodes[0].name},
		Netns: l.name(), Env: []string{systemPath},
		// iptables may keep a lock file in /run.
		MountNs: true, Setup: "mount -t tmpfs tmpfs /run",
	})
}

func renderKubeProxy(kubeconfig, clusterCIDR string) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"apiVersion":       "kubeproxy.config.k8s.io/v1alpha1",
		"kind":             "KubeProxyConfiguration",
		"clientConnection": map[string]any{"kubeconfig": kubeconfig},
		"mode":             "iptables",
		"clusterCIDR":      clusterCIDR,
		"detectLocalMode":  "ClusterCIDR",
		"oomScoreAdj":      0,
		// The size of the connection table is the whole machine's.
		"conntrack": map[string]any{"maxPerCore": 0, "min": 0},
		// The host sees a Service move at once.
		"iptables": map[string]any{"minSyncPeriod": "0s"},
	}, "", "  ")
}

// Names of the cluster are CoreDNS's own; any other does not exist, which a
// pod without internet should learn at once and not by a time-out.
var corefile = template.Must(template.New("Corefile").Parse(`cluster.local:{{.Port}} in-addr.arpa:{{.Port}} ip6.arpa:{{.Port}} {
    bind {{.Address}}
    errors
    ready {{.Address}}:8181
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        kubeconfig {{.Kubeconfig}}
        pods insecure
    }
}
.:{{.Port}} {
    bind {{.Address}}
    errors
    template ANY ANY . {
        rcode NXDOMAIN
    }
}
`))

//go:embed dns.yaml
var dnsManifest string

func (l layout) startDNS(ctx context.Context) error {
	path, err := cache.Tool(ctx, "coredns")
	if err != nil {
		return err
	}
	kubectl, err := cache.Tool(ctx, "kubectl")
	if err != nil {
		return err
	}
	if err := controlplane.IssueKubeconfig(l.stateDir, l.server(), coreDNS, "system:coredns"); err != nil {
		return err
	}
	values := map[string]any{
		"Address": l.controlPlaneAddress(), "Port": 53, "ServiceAddress": l.dnsService(),
		"Kubeconfig": controlplane.ComponentKubeconfig(l.stateDir, coreDNS),
	}
	config, err := render(corefile, values)
	if err != nil {
		return err
	}
	file := filepath.Join(l.stateDir, "Corefile")
	if err := writeIfChanged(file, []byte(config)); err != nil {
		return err
	}
	manifest, err := render(template.Must(template.New("dns").Parse(dnsManifest)), values)
	if err != nil {
		return err
	}
	if _, err := runWithInput(ctx, manifest, kubectl, "--kubeconfig", controlplane.Kubeconfig(l.stateDir),
		"apply", "--server-side", "--force-conflicts", "--field-manager=testbed", "-f", "-"); err != nil {
		return err
	}
	return process.Start(l.stateDir, process.Spec{
		Name: coreDNS, Path: path, Args: []string{"-conf", file}, Netns: l.name(),
	})
}

// awaitServices waits until names resolve and Services lead to their pods.
func (l layout) awaitServices(ctx context.Context) error {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for name, check := range map[string]string{coreDNS: "8181/ready", kubeProxy: "10256/healthz"} {
		err := controlplane.Await(ctx, l.stateDir, name, []string{name}, func(ctx context.Context) error {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.controlPlaneAddress().String()+":"+check, nil)
			if err != nil {
				return err
			}
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return errors.New(response.Status)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeIfChanged leaves an equal file alone: kube-proxy ends when its own is
// written again.
func writeIfChanged(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	return os.WriteFile(path, content, 0o644)
}

func render(t *template.Template, values any) (string, error) {
	var out bytes.Buffer
	err := t.Execute(&out, values)
	return out.String(), err
}
