// Package scenario is what is measured.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/floor"
	"sp-ray.dev/bench/internal/install"
	"sp-ray.dev/bench/internal/operator"
	"sp-ray.dev/bench/internal/testbed"
	"sp-ray.dev/bench/internal/watch"
)

// The operators that can be measured.
const (
	SpRay = "sp-ray"
	Floor = "floor"
	Peer  = "peer"
)

// namespace is where the measured clusters are.
const namespace = "bench"

// Options say what to measure.
type Options struct {
	Root     string // of the work tree
	Dir      string // for the testbed and the logs
	Clusters int
	Workers  int
	Large    int // workers of the one large cluster
	Own      int // clusters created beside the broken ones
	Broken   int
	JVM      operator.JVM
	Peer     string // path of a KubeRay operator
	PeerCRDs string
	PeerArgs []string
	Quiet    time.Duration // how long a quiet machine is waited for
	Timeout  time.Duration // of one scenario
}

// session is one operator on a fresh testbed.
type session struct {
	Options
	name     string
	testbed  *testbed.Testbed
	client   *api.Client
	tracker  *watch.Tracker
	spec     operator.Spec
	process  *operator.Process // nil for the floor
	floor    *floor.Floor
	account  string
	cleanups []func()
}

// begin starts a testbed for that many pods, and the operator on it.
func begin(ctx context.Context, o Options, name string, pods int) (s *session, err error) {
	s = &session{Options: o, name: name}
	defer func() {
		if err != nil {
			s.end()
		}
	}()
	say("%s: a fresh testbed for %d pods", name, pods)
	s.testbed, err = testbed.Up(ctx, o.Root, filepath.Join(o.Dir, "testbed"), testbed.Nodes(pods))
	if err != nil {
		return s, err
	}
	s.cleanups = append(s.cleanups, func() {
		// Also after an interruption, which has ended the context.
		if err := s.testbed.Down(context.WithoutCancel(ctx)); err != nil {
			say("%v", err)
		}
	})
	config, err := s.testbed.Config()
	if err != nil {
		return s, err
	}
	if s.client, err = api.New(config); err != nil {
		return s, err
	}
	if err := s.giveHistory(ctx); err != nil {
		return s, err
	}
	watching, stop := context.WithCancel(ctx)
	s.cleanups = append(s.cleanups, stop)
	if name == Floor {
		err = s.beginFloor(ctx, watching)
	} else {
		err = s.beginOperator(ctx)
	}
	if err != nil {
		return s, err
	}
	if s.tracker, err = watch.Start(watching, config, namespace); err != nil {
		return s, err
	}
	if err := s.awaitIdle(ctx); err != nil { // its start costs the control plane many seconds of CPU
		return s, err
	}
	return s, s.awaitQuiet(ctx)
}

func (s *session) beginOperator(ctx context.Context) error {
	log := filepath.Join(s.Dir, s.name+".log")
	if err := os.Remove(log); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if s.name == Peer {
		identity, err := install.Peer(ctx, s.testbed, s.PeerCRDs)
		if err != nil {
			return err
		}
		s.spec = operator.Peer(s.Options.Peer, identity, s.PeerArgs, log)
	} else {
		identity, command, err := install.Chart(ctx, s.testbed, s.Root)
		if err != nil {
			return err
		}
		if s.spec, err = operator.SpRay(s.Root, identity, command, s.JVM, log); err != nil {
			return err
		}
	}
	s.account = s.spec.Account
	if err := s.makeNamespace(ctx, namespace); err != nil {
		return err
	}
	s.cleanups = append(s.cleanups, func() {
		if s.process != nil {
			s.process.Stop()
		}
	})
	var err error
	if s.process, err = operator.Start(s.spec); err != nil {
		return err
	}
	return s.ready(ctx)
}

// ready returns when the operator is ready and leads.
func (s *session) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the operator did not become ready within a minute; its log is "+s.spec.Log))
	defer cancel()
	if err := s.process.AwaitReady(ctx); err != nil {
		return err
	}
	return s.process.AwaitReconciled(ctx, 0)
}

// beginFloor has sp-ray make one cluster, and takes that as the template.
func (s *session) beginFloor(ctx, watching context.Context) error {
	if err := s.beginOperator(ctx); err != nil {
		return err
	}
	template, err := s.template(ctx)
	if err != nil {
		return err
	}
	s.process.Stop()
	s.process = nil
	identity, err := install.Client(ctx, s.testbed)
	if err != nil {
		return err
	}
	s.account = identity.ServiceAccount
	config, err := clientcmd.BuildConfigFromFlags("", identity.Kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1
	if s.floor, err = floor.New(config, namespace, template); err != nil {
		return err
	}
	return s.floor.Watch(watching, config)
}

func (s *session) end() {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
	s.cleanups = nil
}

// makeNamespace returns when pods can be made in it.
func (s *session) makeNamespace(ctx context.Context, name string) error {
	manifest := fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, name)
	if _, err := s.client.Create(ctx, "/api/v1/namespaces", []byte(manifest)); err != nil {
		return err
	}
	for {
		if _, err := s.client.Get(ctx, "/api/v1/namespaces/"+name+"/serviceaccounts/default"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
