package operator

import (
	"fmt"

	"sp-ray.dev/bench/internal/install"
)

// Peer starts a KubeRay operator with its defaults but for what a process outside of a cluster
// needs.
func Peer(program string, identity install.Identity, args []string, log string) Spec {
	return Spec{
		Program: program,
		Args: func(metricsPort, healthPort int) []string {
			return append([]string{
				fmt.Sprintf("--metrics-addr=:%d", metricsPort),
				fmt.Sprintf("--health-probe-bind-address=:%d", healthPort),
				"--leader-election-namespace=" + install.Namespace,
			}, args...)
		},
		Kubeconfig: identity.Kubeconfig,
		Log:        log,
		Account:    identity.ServiceAccount,
	}
}
