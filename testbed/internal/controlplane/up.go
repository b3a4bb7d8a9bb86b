package controlplane

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/ports"
	"sp-ray.dev/testbed/internal/process"
)

// Up starts what is not running yet and returns when the API server is ready and, with a
// controller manager, when pods can be made in the default namespace.
func Up(ctx context.Context, o Options) error {
	if err := o.complete(ctx); err != nil {
		return err
	}
	tools, err := cache.Tools(ctx, o.Components()...)
	if err != nil {
		return err
	}
	etcdPort, err := ports.Get(ctx, o.StateDir, "etcd")
	if err != nil {
		return err
	}
	if err := writeStore(&o); err != nil {
		return err
	}
	o.Progress("starting etcd and kube-apiserver on port " + strconv.Itoa(o.Port))
	if err := process.Start(o.StateDir, etcdSpec(&o, tools["etcd"], etcdPort)); err != nil {
		return err
	}
	if err := writeServer(&o); err != nil {
		return err
	}
	if err := process.Start(o.StateDir, apiServerSpec(&o, tools["kube-apiserver"], etcdPort)); err != nil {
		return err
	}
	// The rest is written while the servers start.
	if err := writeClients(&o); err != nil {
		return err
	}
	if err := AwaitServer(ctx, o.StateDir, o.server()); err != nil {
		return err
	}
	return startControllers(ctx, &o, tools)
}

func startControllers(ctx context.Context, o *Options, tools map[string]string) error {
	if o.ControllerManager {
		if err := process.Start(o.StateDir, controllerManagerSpec(o, tools["kube-controller-manager"])); err != nil {
			return err
		}
	}
	if o.Scheduler {
		if err := process.Start(o.StateDir, schedulerSpec(o, tools["kube-scheduler"])); err != nil {
			return err
		}
	}
	if o.ControllerManager {
		o.Progress("starting " + strings.Join(o.Components()[2:], " and "))
	}
	return awaitDefaults(ctx, o)
}

// writeStore makes what etcd needs.
func writeStore(o *Options) error {
	if _, _, err := issue(o.StateDir, etcdCA, "etcd-server", "etcd", nil, []string{"localhost", "127.0.0.1"}, ecdsaKey); err != nil {
		return err
	}
	_, _, err := issue(o.StateDir, etcdCA, "etcd-client", "kube-apiserver", nil, nil, ecdsaKey)
	return err
}

// writeServer makes what the API server needs.
func writeServer(o *Options) error {
	hosts, err := serverHosts(o)
	if err != nil {
		return err
	}
	if _, _, err := IssueCert(o.StateDir, "kube-apiserver", "kube-apiserver", nil, hosts); err != nil {
		return err
	}
	if _, _, err := IssueCert(o.StateDir, "kubelet-client", "kube-apiserver-kubelet-client", []string{"system:masters"}, nil); err != nil {
		return err
	}
	if err := ensureServiceAccountKey(o.StateDir); err != nil {
		return err
	}
	if !o.Audit {
		return nil
	}
	return writeFile(auditPolicyFile(o.StateDir), []byte(auditPolicy), 0o644)
}

// writeClients makes what the API server's clients need.
func writeClients(o *Options) error {
	var group errgroup.Group
	group.Go(func() error {
		certFile, keyFile, err := issue(o.StateDir, clusterCA, "admin", "kubernetes-admin", []string{"system:masters"}, nil, rsaKey)
		if err != nil {
			return err
		}
		ca, _ := CA(o.StateDir)
		return WriteKubeconfig(Kubeconfig(o.StateDir), o.server(), ca, certFile, keyFile)
	})
	group.Go(func() error {
		if !o.ControllerManager {
			return nil
		}
		return IssueKubeconfig(o.StateDir, o.server(), "kube-controller-manager", "system:kube-controller-manager")
	})
	group.Go(func() error {
		if !o.Scheduler {
			return nil
		}
		config := fmt.Sprintf(schedulerConfig, ComponentKubeconfig(o.StateDir, "kube-scheduler"))
		if err := writeFile(schedulerConfigFile(o.StateDir), []byte(config), 0o644); err != nil {
			return err
		}
		return IssueKubeconfig(o.StateDir, o.server(), "kube-scheduler", "system:kube-scheduler")
	})
	return group.Wait()
}
