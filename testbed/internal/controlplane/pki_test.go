package controlplane

import (
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/cert"
)

func read(t *testing.T, file string) *x509.Certificate {
	t.Helper()
	certs, err := cert.CertsFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return certs[0]
}

func TestIssuedCertificateIsGoodForClientsAndServers(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile, err := IssueCert(dir, "kubelet", "system:node:a", []string{"system:nodes"}, []string{"a", "10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	caFile, _ := CA(dir)
	roots := x509.NewCertPool()
	roots.AddCert(read(t, caFile))
	issued := read(t, certFile)
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth} {
		for _, host := range []string{"a", "10.0.0.1"} {
			if _, err := issued.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
				t.Errorf("%s, usage %d: %v", host, usage, err)
			}
		}
	}
	if issued.Subject.CommonName != "system:node:a" || !slices.Equal(issued.Subject.Organization, []string{"system:nodes"}) {
		t.Errorf("subject %s", issued.Subject)
	}
	if info, err := os.Stat(keyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode: %v, %v", info.Mode(), err)
	}
}

func TestCertificateIsKeptUntilItsContentChanges(t *testing.T) {
	dir := t.TempDir()
	issued := func(hosts ...string) string {
		t.Helper()
		certFile, _, err := IssueCert(dir, "a", "a", nil, hosts)
		if err != nil {
			t.Fatal(err)
		}
		return read(t, certFile).SerialNumber.String()
	}
	before := issued("a", "10.0.0.1")
	if again := issued("a", "10.0.0.1"); again != before {
		t.Error("the same certificate was issued twice")
	}
	if changed := issued("a", "10.0.0.2"); changed == before {
		t.Error("another address, the same certificate")
	}
}

func TestEtcdDoesNotTrustTheClustersCertificates(t *testing.T) {
	dir := t.TempDir()
	o := Options{StateDir: dir}
	if err := writeStore(&o); err != nil {
		t.Fatal(err)
	}
	certFile, _, err := IssueCert(dir, "user", "user", []string{"system:masters"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	etcdCAFile, _ := pair(dir, etcdCA)
	if read(t, certFile).CheckSignatureFrom(read(t, etcdCAFile)) == nil {
		t.Error("a certificate of the cluster gets past the API server")
	}
}

func TestKubeconfigHoldsEverything(t *testing.T) {
	dir := t.TempDir()
	if err := IssueKubeconfig(dir, "https://127.0.0.1:1234", "a", "system:a"); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", ComponentKubeconfig(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.0.0.1:1234" || len(config.CAData) == 0 || len(config.CertData) == 0 || len(config.KeyData) == 0 {
		t.Errorf("incomplete: %v", config)
	}
}

func TestAdministratorsKeyIsOneThatEveryClientReads(t *testing.T) {
	o := Options{StateDir: t.TempDir(), ServerAddress: "127.0.0.1", Port: 1}
	if err := writeClients(&o); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", Kubeconfig(o.StateDir))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(config.KeyData), "-----BEGIN RSA PRIVATE KEY-----") {
		t.Error("it is no RSA key")
	}
}

func TestServerHosts(t *testing.T) {
	hosts, err := serverHosts(&Options{
		ServiceCIDR: "10.96.0.0/16", AdvertiseAddress: "10.244.0.1", ServerAddress: "10.244.0.1", ExternalHosts: []string{"testbed.local"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"kubernetes.default.svc", "10.96.0.1", "10.244.0.1", "127.0.0.1", "testbed.local"} {
		if !slices.Contains(hosts, host) {
			t.Errorf("%s is missing in %v", host, hosts)
		}
	}
	if len(unique(hosts)) != len(hosts) {
		t.Errorf("twice: %v", hosts)
	}
	if _, err := serverHosts(&Options{ServiceCIDR: "nonsense"}); err == nil {
		t.Error("nonsense was accepted")
	}
}

func TestServerWithoutControllersAcceptsPods(t *testing.T) {
	o := Options{StateDir: t.TempDir(), BindAddress: "127.0.0.1", AdvertiseAddress: "127.0.0.1"}
	const off = "--disable-admission-plugins=ServiceAccount"
	if !slices.Contains(apiServerSpec(&o, "x", 1).Args, off) {
		t.Error("the ServiceAccount plug-in would refuse every pod")
	}
	o.ControllerManager = true
	if slices.Contains(apiServerSpec(&o, "x", 1).Args, off) {
		t.Error("the ServiceAccount plug-in is off although there are service accounts")
	}
}
