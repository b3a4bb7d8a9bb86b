package controlplane

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"sp-ray.dev/testbed/internal/process"
)

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
# RequestReceived would double every line. ResponseStarted is there for watches only, which
# complete when they end.
omitStages: [RequestReceived]
rules:
  - level: Metadata
`

// AuditLog is the path of the audit log, one JSON object a line.
func AuditLog(stateDir string) string { return filepath.Join(stateDir, "logs", "audit.log") }

func auditPolicyFile(stateDir string) string { return filepath.Join(stateDir, "audit-policy.yaml") }

// serverHosts are the names by which the API server's certificate may be checked.
func serverHosts(o *Options) ([]string, error) {
	_, services, err := net.ParseCIDR(o.ServiceCIDR)
	if err != nil {
		return nil, fmt.Errorf("service CIDR: %w", err)
	}
	first := services.IP.To16()
	first[len(first)-1]++ // the address of the Service named kubernetes
	hosts := []string{
		"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local", "127.0.0.1", first.String(), o.AdvertiseAddress, o.ServerAddress,
	}
	return unique(append(hosts, o.ExternalHosts...)), nil
}

func unique(values []string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, value := range values {
		if !seen[value] {
			seen[value] = true
			kept = append(kept, value)
		}
	}
	return kept
}

func apiServerSpec(o *Options, path string, etcdPort int) process.Spec {
	ca, _ := CA(o.StateDir)
	certFile, keyFile := pair(o.StateDir, "kube-apiserver")
	kubeletCert, kubeletKey := KubeletClientCert(o.StateDir)
	etcdCACert, _ := pair(o.StateDir, etcdCA)
	etcdCert, etcdKey := pair(o.StateDir, "etcd-client")
	args := []string{
		"--bind-address=" + o.BindAddress,
		"--secure-port=" + strconv.Itoa(o.Port),
		"--advertise-address=" + o.AdvertiseAddress,
		"--tls-cert-file=" + certFile,
		"--tls-private-key-file=" + keyFile,
		"--client-ca-file=" + ca,
		"--etcd-servers=" + etcdURL(etcdPort),
		"--etcd-cafile=" + etcdCACert,
		"--etcd-certfile=" + etcdCert,
		"--etcd-keyfile=" + etcdKey,
		"--service-cluster-ip-range=" + o.ServiceCIDR,
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + ServiceAccountKey(o.StateDir),
		"--service-account-signing-key-file=" + ServiceAccountKey(o.StateDir),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged",
		"--kubelet-client-certificate=" + kubeletCert,
		"--kubelet-client-key=" + kubeletKey,
		"--kubelet-certificate-authority=" + ca,
		"--kubelet-preferred-address-types=InternalIP,Hostname",
		// A test that sends many requests at once measures the operator, not these limits.
		"--max-requests-inflight=3000",
		"--max-mutating-requests-inflight=1500",
	}
	if !o.ControllerManager {
		// Nobody would make the `default` service account of a namespace, and without it this
		// plug-in refuses every pod.
		args = append(args, "--disable-admission-plugins=ServiceAccount")
	}
	if ip := net.ParseIP(o.AdvertiseAddress); ip.IsLoopback() {
		// The endpoint of the Service named kubernetes may not be a loopback address: without
		// this the server would try, and complain, for ever.
		args = append(args, "--endpoint-reconciler-type=none")
	}
	if o.Audit {
		args = append(args,
			"--audit-policy-file="+auditPolicyFile(o.StateDir),
			"--audit-log-path="+AuditLog(o.StateDir),
			// In one file, so that whoever counts requests need not look for others.
			"--audit-log-maxsize=10240",
		)
	}
	return process.Spec{
		Name:  "kube-apiserver",
		Path:  path,
		Netns: o.Netns,
		Args:  append(args, o.APIServerArgs...),
	}
}
