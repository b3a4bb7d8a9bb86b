package controlplane

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"

	"sp-ray.dev/testbed/internal/ports"
)

// Compact has etcd forget all history up to now and returns the revision that is the oldest one
// from then on. It speaks etcd's JSON gateway.
func Compact(ctx context.Context, stateDir string) (string, error) {
	port, err := ports.Get(ctx, stateDir, "etcd")
	if err != nil {
		return "", err
	}
	client, err := etcdClient(stateDir)
	if err != nil {
		return "", err
	}
	var newest struct {
		Header struct {
			Revision string `json:"revision"`
		} `json:"header"`
	}
	// Any read tells the newest revision; the key is a zero byte.
	read := map[string]any{"key": []byte{0}, "count_only": true}
	if err := ask(ctx, client, etcdURL(port)+"/v3/kv/range", read, &newest); err != nil {
		return "", err
	}
	compaction := map[string]any{"revision": newest.Header.Revision, "physical": true}
	err = ask(ctx, client, etcdURL(port)+"/v3/kv/compaction", compaction, &struct{}{})
	return newest.Header.Revision, err
}

func etcdClient(stateDir string) (*http.Client, error) {
	caFile, _ := pair(stateDir, etcdCA)
	ca, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	certificate, err := tls.LoadX509KeyPair(pair(stateDir, "etcd-client"))
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs:      roots,
		Certificates: []tls.Certificate{certificate},
	}}}, nil
}

func ask(ctx context.Context, client *http.Client, url string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd: %s: %s", response.Status, text)
	}
	return json.Unmarshal(text, answer)
}
