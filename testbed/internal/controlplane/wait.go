package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"sp-ray.dev/testbed/internal/process"
)

const (
	poll = 50 * time.Millisecond
	// A machine under load needs long; one that hangs should not keep anybody for ever.
	startLimit = 3 * time.Minute
)

// Await calls done until it returns nil. It fails when one of the components ends, or when time
// is up, with the end of that component's log.
func Await(ctx context.Context, stateDir, what string, components []string, done func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		last := done(ctx)
		if last == nil {
			return nil
		}
		for _, name := range components {
			if !process.Running(stateDir, name) {
				return fmt.Errorf("%s ended while waiting for %s; the end of %s:\n%s",
					name, what, process.LogPath(stateDir, name), process.LogTail(stateDir, name, 15))
			}
		}
		select {
		case <-time.After(poll):
			continue
		case <-ctx.Done():
		}
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return ctx.Err()
		}
		name := components[len(components)-1]
		return fmt.Errorf("%s did not come within %s: %w; the end of %s:\n%s",
			what, startLimit, last, process.LogPath(stateDir, name), process.LogTail(stateDir, name, 15))
	}
}

// AwaitServer waits until the API server at that URL says that it is ready.
func AwaitServer(ctx context.Context, stateDir, server string) error {
	caFile, _ := CA(stateDir)
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := http.Client{
		Timeout: 2 * time.Second,
		Transport: &http.Transport{
			Proxy:           nil, // whatever the environment says: this server is near
			TLSClientConfig: &tls.Config{RootCAs: roots},
		},
	}
	defer client.CloseIdleConnections()
	return Await(ctx, stateDir, "the API server to be ready", []string{"etcd", "kube-apiserver"}, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		body, _ := io.ReadAll(io.LimitReader(response.Body, 8<<10))
		if response.StatusCode != http.StatusOK {
			return errors.New(strings.TrimSpace(string(body)))
		}
		return nil
	})
}

// RESTConfig is the administrator's access without a rate limit of the client's own.
func RESTConfig(stateDir string) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", Kubeconfig(stateDir))
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	config.UserAgent = "testbed"
	config.Proxy = http.ProxyURL(nil)
	return config, nil
}

// awaitDefaults waits for what a ready API server makes a moment later.
func awaitDefaults(ctx context.Context, o *Options) error {
	config, err := RESTConfig(o.StateDir)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	return Await(ctx, o.StateDir, "the default namespace", o.Components(), func(ctx context.Context) error {
		if !o.ControllerManager {
			_, err := client.CoreV1().Namespaces().Get(ctx, metav1.NamespaceDefault, metav1.GetOptions{})
			return err
		}
		_, err := client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err
	})
}
