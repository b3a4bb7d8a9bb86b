package controlplane

import (
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// WriteKubeconfig writes a kubeconfig that holds the certificates and the key itself, so that it
// can be copied anywhere.
func WriteKubeconfig(path, server, caFile, certFile, keyFile string) error {
	var content [3][]byte
	for i, file := range []string{caFile, certFile, keyFile} {
		var err error
		if content[i], err = os.ReadFile(file); err != nil {
			return err
		}
	}
	const name = "testbed"
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{Server: server, CertificateAuthorityData: content[0]}
	config.AuthInfos[name] = &api.AuthInfo{ClientCertificateData: content[1], ClientKeyData: content[2]}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	encoded, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return writeFile(path, encoded, 0o600)
}

// ComponentKubeconfig is the path of a component's own kubeconfig.
func ComponentKubeconfig(stateDir, component string) string {
	return filepath.Join(stateDir, "kubeconfigs", component)
}

// IssueKubeconfig makes a certificate and a kubeconfig for a component.
func IssueKubeconfig(stateDir, server, component, commonName string, organizations ...string) error {
	certFile, keyFile, err := IssueCert(stateDir, component, commonName, organizations, nil)
	if err != nil {
		return err
	}
	ca, _ := CA(stateDir)
	return WriteKubeconfig(ComponentKubeconfig(stateDir, component), server, ca, certFile, keyFile)
}
