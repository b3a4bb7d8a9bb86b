// Package operator runs the operators that are measured, as processes.
package operator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"sp-ray.dev/bench/internal/measure"
)

// Spec says how an operator is started.
type Spec struct {
	Program string
	// Args are made anew for each start: the ports differ.
	Args       func(metricsPort, healthPort int) []string
	Kubeconfig string
	Env        []string
	Log        string
	// Account is the service account as which it speaks to the API server.
	Account string
}

// Process is a running operator.
type Process struct {
	Spec
	cmd         *exec.Cmd
	metricsPort int
	healthPort  int
	ended       chan struct{}
	failure     error
}

// Start starts it; it is not ready yet.
func Start(spec Spec) (*Process, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(spec.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p := &Process{Spec: spec, metricsPort: ports[0], healthPort: ports[1], ended: make(chan struct{})}
	p.cmd = exec.Command(spec.Program, spec.Args(p.metricsPort, p.healthPort)...)
	p.cmd.Env = append(append(os.Environ(), "KUBECONFIG="+spec.Kubeconfig), spec.Env...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	// An interruption of the bench from the terminal is not one of the operator.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.failure = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// PID is its process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// AwaitReady returns when /readyz says so.
func (p *Process) AwaitReady(ctx context.Context) error {
	return p.poll(ctx, 50*time.Millisecond, func() bool {
		answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/readyz", p.healthPort))
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

// AwaitReconciled returns when it leads and has made that many passes. Passes of an instance that
// does not lead yet count as well, so that those are waited for from the moment it leads.
func (p *Process) AwaitReconciled(ctx context.Context, clusters int) error {
	before := 0.0
	// A scrape costs the operator some milliseconds: not too often.
	return p.poll(ctx, 200*time.Millisecond, func() bool {
		leads, passes, err := p.passes()
		if err == nil && !leads {
			before = passes
		}
		return err == nil && leads && passes-before >= float64(clusters)
	})
}

// Passes is how many reconciles of RayClusters it has made.
func (p *Process) Passes() (int, error) {
	_, passes, err := p.passes()
	return int(passes), err
}

func (p *Process) passes() (leads bool, passes float64, err error) {
	const reconciles, leader = "controller_runtime_reconcile_total", "leader_election_master_status"
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/metrics", p.metricsPort))
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	counters, err := measure.Parse(answer.Body, reconciles, leader)
	if err != nil {
		return false, 0, err
	}
	all := func(map[string]string) bool { return true }
	ofClusters := func(labels map[string]string) bool {
		return labels["controller"] == "raycluster" || labels["controller"] == "raycluster-controller"
	}
	return counters[leader].Sum(all) > 0, counters[reconciles].Sum(ofClusters), nil
}

func (p *Process) poll(ctx context.Context, every time.Duration, done func() bool) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for !done() {
		select {
		case <-p.ended:
			return fmt.Errorf("the operator has ended (%w); its log is %s", p.end(), p.Log)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
	return nil
}

func (p *Process) end() error {
	if p.failure == nil {
		return errors.New("by itself")
	}
	return p.failure
}

// Alive says whether it still runs.
func (p *Process) Alive() error {
	select {
	case <-p.ended:
		return fmt.Errorf("the operator has ended (%w); its log is %s", p.end(), p.Log)
	default:
		return nil
	}
}

// Stop ends it as Kubernetes does: a request, and after the grace period the end.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = listener.Close() }()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
