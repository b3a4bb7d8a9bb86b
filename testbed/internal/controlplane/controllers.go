package controlplane

import (
	"path/filepath"

	"sp-ray.dev/testbed/internal/process"
)

func controllerManagerSpec(o *Options, path string) process.Spec {
	ca, caKey := CA(o.StateDir)
	kubeconfig := ComponentKubeconfig(o.StateDir, "kube-controller-manager")
	args := []string{
		"--kubeconfig=" + kubeconfig,
		"--secure-port=0", // nobody reads its metrics, and a port less is one that cannot be taken
		"--leader-elect=false",
		"--use-service-account-credentials",
		"--service-account-private-key-file=" + ServiceAccountKey(o.StateDir),
		"--root-ca-file=" + ca,
		"--cluster-signing-cert-file=" + ca,
		"--cluster-signing-key-file=" + caKey,
		"--service-cluster-ip-range=" + o.ServiceCIDR,
		// Tests make and delete hundreds of objects at once.
		"--kube-api-qps=1000",
		"--kube-api-burst=2000",
		"--concurrent-namespace-syncs=50",
		"--concurrent-gc-syncs=50",
		"--concurrent-serviceaccount-token-syncs=20",
		"--concurrent-service-endpoint-syncs=20",
		"--concurrent-job-syncs=20",
		// Simulated nodes renew their leases rarely, and a busy machine makes real ones late.
		"--node-monitor-grace-period=180s",
	}
	if o.ClusterCIDR != "" {
		args = append(args, "--allocate-node-cidrs", "--cluster-cidr="+o.ClusterCIDR)
	}
	return process.Spec{Name: "kube-controller-manager", Path: path, Netns: o.Netns, Args: args}
}

const schedulerConfig = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection:
  leaderElect: false
clientConnection:
  kubeconfig: %q
  qps: 1000
  burst: 2000
`

func schedulerConfigFile(stateDir string) string {
	return filepath.Join(stateDir, "kube-scheduler.yaml")
}

func schedulerSpec(o *Options, path string) process.Spec {
	return process.Spec{
		Name:  "kube-scheduler",
		Path:  path,
		Netns: o.Netns,
		Args:  []string{"--config=" + schedulerConfigFile(o.StateDir), "--secure-port=0"},
	}
}
