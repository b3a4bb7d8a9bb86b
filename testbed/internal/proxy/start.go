package proxy

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/ports"
	"sp-ray.dev/testbed/internal/process"
)

// Running says how a proxy process is reached.
type Running struct {
	URL        string `json:"url"`        // of the default lane
	Control    string `json:"control"`    // of the control API
	Kubeconfig string `json:"kubeconfig"` // the administrator's, through the default lane
	CA         string `json:"ca"`         // file with the certificate that clients have to trust
}

// Start starts a proxy in a testbed as a component of that name, or finds the running one.
// command is this program's command line that calls Serve; its options are appended.
func Start(ctx context.Context, stateDir, component string, command ...string) (Running, error) {
	var running Running
	server, err := controlplane.RESTConfig(stateDir)
	if err != nil {
		return running, err
	}
	ca, _ := controlplane.CA(stateDir)
	certFile, keyFile, err := controlplane.IssueCert(stateDir, "proxy", "testbed-proxy", nil, []string{"localhost", "127.0.0.1"})
	if err != nil {
		return running, err
	}
	port, err := ports.Get(ctx, stateDir, component)
	if err != nil {
		return running, err
	}
	controlPort, err := ports.Get(ctx, stateDir, component+"-control")
	if err != nil {
		return running, err
	}
	program, err := os.Executable()
	if err != nil {
		return running, err
	}
	err = process.Start(stateDir, process.Spec{
		Name: component,
		Path: program,
		Args: append(command, "--dir", stateDir, "--server", server.Host, "--ca", ca,
			"--cert", certFile, "--key", keyFile, "--port", strconv.Itoa(port), "--control-port", strconv.Itoa(controlPort)),
	})
	if err != nil {
		return running, err
	}
	running = Running{
		URL:        fmt.Sprintf("https://127.0.0.1:%d", port),
		Control:    fmt.Sprintf("http://127.0.0.1:%d", controlPort),
		Kubeconfig: controlplane.ComponentKubeconfig(stateDir, component),
		CA:         ca,
	}
	if err := awaitControl(ctx, stateDir, component, running.Control); err != nil {
		return running, err
	}
	return running, writeKubeconfig(ctx, stateDir, running)
}

func awaitControl(ctx context.Context, stateDir, component, control string) error {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{Proxy: nil}}
	defer client.CloseIdleConnections()
	return controlplane.Await(ctx, stateDir, "the proxy", []string{component}, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, control+"/healthz", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
}
