// Package controlplane runs etcd, kube-apiserver and, if wanted, kube-controller-manager and
// kube-scheduler.
package controlplane

import (
	"context"
	"net"
	"path/filepath"
	"strconv"

	"sp-ray.dev/testbed/internal/ports"
)

// Options say what to run and where. The zero value of everything but StateDir is good for a
// control plane that is reached from this machine only.
type Options struct {
	StateDir string
	Netns    string // name of the `ip netns` namespace in which everything runs; "" is the host's

	BindAddress      string   // of the API server; default 127.0.0.1
	AdvertiseAddress string   // at which pods reach it; default BindAddress
	ServerAddress    string   // in the kubeconfig; default AdvertiseAddress
	ExternalHosts    []string // more names and addresses for its certificate
	Port             int      // 0 chooses a free one and keeps it

	ServiceCIDR string // default 10.96.0.0/16
	ClusterCIDR string // pod addresses are handed to nodes out of it; "" hands out none

	ControllerManager bool
	Scheduler         bool
	Audit             bool     // log every request to logs/audit.log
	APIServerArgs     []string // appended, for what is not an option here

	Progress func(string) // told what is being done; may be nil
}

func (o *Options) complete(ctx context.Context) error {
	setDefault(&o.BindAddress, "127.0.0.1")
	setDefault(&o.AdvertiseAddress, o.BindAddress)
	setDefault(&o.ServerAddress, o.AdvertiseAddress)
	setDefault(&o.ServiceCIDR, "10.96.0.0/16")
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	var err error
	// Recorded records hold absolute paths, since a component may be restarted from anywhere.
	if o.StateDir, err = filepath.Abs(o.StateDir); err != nil {
		return err
	}
	if o.Port == 0 {
		o.Port, err = ports.Get(ctx, o.StateDir, "kube-apiserver")
	}
	return err
}

func setDefault(value *string, to string) {
	if *value == "" {
		*value = to
	}
}

// Components lists the names of what these options run, in the order of their start.
func (o *Options) Components() []string {
	names := []string{"etcd", "kube-apiserver"}
	if o.ControllerManager {
		names = append(names, "kube-controller-manager")
	}
	if o.Scheduler {
		names = append(names, "kube-scheduler")
	}
	return names
}

func (o *Options) server() string {
	return "https://" + net.JoinHostPort(o.ServerAddress, strconv.Itoa(o.Port))
}

// Kubeconfig is the path of the administrator's kubeconfig.
func Kubeconfig(stateDir string) string { return filepath.Join(stateDir, "kubeconfig") }
