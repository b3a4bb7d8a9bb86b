package controlplane

import (
	"fmt"
	"path/filepath"

	"sp-ray.dev/testbed/internal/process"
)

func etcdURL(port int) string { return fmt.Sprintf("https://127.0.0.1:%d", port) }

func etcdSpec(o *Options, path string, port int) process.Spec {
	ca, _ := pair(o.StateDir, etcdCA)
	certFile, keyFile := pair(o.StateDir, "etcd-server")
	// Nothing ever connects to the only member's peer port, so that any free one will do.
	const peer = "http://127.0.0.1:0"
	return process.Spec{
		Name:  "etcd",
		Path:  path,
		Netns: o.Netns,
		Args: []string{
			"--name=testbed",
			"--data-dir=" + filepath.Join(o.StateDir, "etcd"),
			"--listen-client-urls=" + etcdURL(port),
			"--advertise-client-urls=" + etcdURL(port),
			"--client-cert-auth",
			"--trusted-ca-file=" + ca,
			"--cert-file=" + certFile,
			"--key-file=" + keyFile,
			"--listen-peer-urls=" + peer,
			"--initial-advertise-peer-urls=" + peer,
			"--initial-cluster=testbed=" + peer,
			// The data lives as long as the testbed; a power cut may take it.
			"--unsafe-no-fsync",
			"--quota-backend-bytes=8589934592",
			"--logger=zap",
			"--log-level=warn",
		},
	}
}
