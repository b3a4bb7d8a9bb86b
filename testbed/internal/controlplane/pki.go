package controlplane

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

const validity = 10 * 365 * 24 * time.Hour

// etcd trusts a CA of its own: a client of the cluster must not get past the API server.
const clusterCA, etcdCA = "ca", "etcd-ca"

var makingCA sync.Mutex

// CA returns the paths of the cluster CA's certificate and key.
func CA(stateDir string) (certFile, keyFile string) { return pair(stateDir, clusterCA) }

// KubeletClientCert returns the paths of the certificate and key with which the API server calls
// kubelets.
func KubeletClientCert(stateDir string) (certFile, keyFile string) {
	return pair(stateDir, "kubelet-client")
}

// ServiceAccountKey is the path of the key that signs service account tokens.
func ServiceAccountKey(stateDir string) string { return filepath.Join(pkiDir(stateDir), "sa.key") }

// IssueCert makes a certificate, signed by the cluster CA, that is good for clients and servers.
// An existing one of the same name and content is kept. Hosts are names and addresses.
func IssueCert(stateDir, name, commonName string, organizations []string, hosts []string) (certFile, keyFile string, err error) {
	return issue(stateDir, clusterCA, name, commonName, organizations, hosts, ecdsaKey)
}

func pkiDir(stateDir string) string { return filepath.Join(stateDir, "pki") }

func pair(stateDir, name string) (certFile, keyFile string) {
	return filepath.Join(pkiDir(stateDir), name+".crt"), filepath.Join(pkiDir(stateDir), name+".key")
}

func ecdsaKey() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// Some Java clients read elliptic-curve keys with an additional library only, therefore the
// administrator's key, which people hand to any client, is an RSA one.
func rsaKey() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

func issue(stateDir, ca, name, commonName string, organizations, hosts []string, newKey func() (crypto.Signer, error)) (certFile, keyFile string, err error) {
	caCert, caKey, err := ensureCA(stateDir, ca)
	if err != nil {
		return "", "", fmt.Errorf("certificate authority %s: %w", ca, err)
	}
	certFile, keyFile = pair(stateDir, name)
	wanted := &x509.Certificate{
		Subject:     pkix.Name{CommonName: commonName, Organization: organizations},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			wanted.IPAddresses = append(wanted.IPAddresses, ip)
		} else {
			wanted.DNSNames = append(wanted.DNSNames, host)
		}
	}
	if alreadyIssued(certFile, keyFile, wanted, caCert) {
		return certFile, keyFile, nil
	}
	key, err := newKey()
	if err == nil {
		err = sign(certFile, keyFile, wanted, caCert, key, caKey)
	}
	if err != nil {
		return "", "", fmt.Errorf("certificate %s: %w", name, err)
	}
	return certFile, keyFile, nil
}

func alreadyIssued(certFile, keyFile string, wanted, ca *x509.Certificate) bool {
	if _, err := os.Stat(keyFile); err != nil {
		return false
	}
	certs, err := cert.CertsFromFile(certFile)
	if err != nil {
		return false
	}
	got := certs[0]
	return got.CheckSignatureFrom(ca) == nil &&
		time.Until(got.NotAfter) > 24*time.Hour &&
		got.Subject.CommonName == wanted.Subject.CommonName &&
		slices.Equal(got.Subject.Organization, wanted.Subject.Organization) &&
		slices.Equal(got.DNSNames, wanted.DNSNames) &&
		slices.EqualFunc(got.IPAddresses, wanted.IPAddresses, net.IP.Equal)
}

func ensureCA(stateDir, name string) (*x509.Certificate, crypto.Signer, error) {
	makingCA.Lock()
	defer makingCA.Unlock()
	certFile, keyFile := pair(stateDir, name)
	certs, err := cert.CertsFromFile(certFile)
	if err == nil {
		key, err := keyutil.PrivateKeyFromFile(keyFile)
		if err != nil {
			return nil, nil, err
		}
		signer, ok := key.(crypto.Signer)
		if !ok {
			return nil, nil, fmt.Errorf("%s holds no key that signs", keyFile)
		}
		return certs[0], signer, nil
	}
	if !os.IsNotExist(err) {
		return nil, nil, err
	}
	key, err := ecdsaKey()
	if err != nil {
		return nil, nil, err
	}
	ca := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "testbed-" + name},
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	if err := sign(certFile, keyFile, ca, ca, key, key); err != nil {
		return nil, nil, err
	}
	certs, err = cert.CertsFromFile(certFile)
	if err != nil {
		return nil, nil, err
	}
	return certs[0], key, nil
}

// sign writes the key first: the certificate's file says that both are there.
func sign(certFile, keyFile string, template, ca *x509.Certificate, key, caKey crypto.Signer) error {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour) // clocks differ
	template.NotAfter = time.Now().Add(validity)
	der, err := x509.CreateCertificate(rand.Reader, template, ca, key.Public(), caKey)
	if err != nil {
		return err
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	encoded, err := cert.EncodeCertificates(signed)
	if err != nil {
		return err
	}
	if err := writeKey(keyFile, key); err != nil {
		return err
	}
	return writeFile(certFile, encoded, 0o644)
}

func ensureServiceAccountKey(stateDir string) error {
	file := ServiceAccountKey(stateDir)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	key, err := ecdsaKey()
	if err != nil {
		return err
	}
	return writeKey(file, key)
}

func writeKey(file string, key crypto.Signer) error {
	encoded, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return err
	}
	return writeFile(file, encoded, 0o600)
}

// writeFile makes the file appear whole or not at all.
func writeFile(file string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", content, mode); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
