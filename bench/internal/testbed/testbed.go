// Package testbed starts and ends the control plane that is measured on: a testbed of the profile
// sim, fresh for every measurement.
package testbed

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	podsPerNode = 110
	// spare is room for what the scheduler, spreading pods by load, leaves unused.
	spare = 1.25
)

// Testbed is a running one.
type Testbed struct {
	Dir     string
	program string
}

// Nodes is how many simulated nodes hold that many pods.
func Nodes(pods int) int { return int(float64(pods)*spare)/podsPerNode + 3 }

// Up starts a testbed in an empty directory.
func Up(ctx context.Context, root, dir string, nodes int) (*Testbed, error) {
	t := &Testbed{Dir: dir, program: filepath.Join(root, "testbed", "testbed")}
	// What an earlier run left behind after a power cut or a SIGKILL.
	if err := t.Down(ctx); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	_, err := t.run(ctx, "up", "--profile", "sim", "--dir", dir,
		"--cpu-nodes", strconv.Itoa(nodes), "--t4-nodes", "0", "--a100-nodes", "0")
	return t, err
}

// Down ends it and removes what it made.
func (t *Testbed) Down(ctx context.Context) error {
	_, err := t.run(ctx, "down", "--dir", t.Dir)
	return err
}

// Suspend stops a component without ending it.
func (t *Testbed) Suspend(ctx context.Context, component string) error {
	_, err := t.run(ctx, "stop", component, "--dir", t.Dir, "--signal", "STOP")
	return err
}

// Continue lets a suspended component go on.
func (t *Testbed) Continue(ctx context.Context, component string) error {
	_, err := t.run(ctx, "start", component, "--dir", t.Dir)
	return err
}

// Tool is the path of a program that the testbed builds: kubectl, helm.
func (t *Testbed) Tool(ctx context.Context, name string) (string, error) {
	return t.run(ctx, "bin", name)
}

// Config is the administrator's access, without the client's own limits: what is measured is the
// operator.
func (t *Testbed) Config() (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", t.Kubeconfig())
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	config.UserAgent = "sp-ray-bench"
	return config, nil
}

// Kubeconfig is the path of the administrator's kubeconfig.
func (t *Testbed) Kubeconfig() string { return filepath.Join(t.Dir, "kubeconfig") }

// Processes are the ids of the control plane's processes by component.
func (t *Testbed) Processes(ctx context.Context) (map[string]int, error) {
	status, err := t.run(ctx, "status", "--dir", t.Dir)
	if err != nil {
		return nil, err
	}
	return processes(status), nil
}

// processes reads the table that `testbed status` ends with.
func processes(status string) map[string]int {
	found := map[string]int{}
	table := false
	for line := range strings.Lines(status) {
		fields := strings.Fields(line)
		switch {
		case len(fields) > 0 && fields[0] == "COMPONENT":
			table = true
		case table && len(fields) >= 3:
			if pid, err := strconv.Atoi(fields[2]); err == nil {
				found[fields[0]] = pid
			}
		}
	}
	return found
}

func (t *Testbed) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, t.program, args...)
	var messages strings.Builder
	cmd.Stderr = &messages
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("testbed %s: %w: %s", args[0], err, strings.TrimSpace(messages.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
