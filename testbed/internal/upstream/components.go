// Package upstream knows the programs that the testbed builds from released Go modules, and makes
// for each module the go.mod from which its programs can be built.
package upstream

import (
	"fmt"
	"slices"
	"strings"

	"sp-ray.dev/testbed/internal/versions"
)

// Module is a released Go module whose main packages are built.
type Module struct {
	Name       string // short, for directory names
	Path       string
	VersionKey string // in versions.env
	// stamp returns what upstream's own release build sets with -ldflags "-X ...".
	stamp func(version string) []string
}

// Version is the pinned one without a leading v, such as 1.35.4.
func (m Module) Version() string { return versions.Get(m.VersionKey) }

// LinkerFlags strip the program and tell it its version.
func (m Module) LinkerFlags() string {
	flags := []string{"-s", "-w"}
	if m.stamp != nil {
		for _, assignment := range m.stamp(m.Version()) {
			flags = append(flags, "-X", assignment)
		}
	}
	return strings.Join(flags, " ")
}

// Component is one program.
type Component struct {
	Name    string
	Module  Module
	Package string
}

var (
	kubernetes = Module{Name: "kubernetes", Path: "k8s.io/kubernetes", VersionKey: "KUBERNETES", stamp: stampKubernetes}
	etcd       = Module{Name: "etcd", Path: "go.etcd.io/etcd/server/v3", VersionKey: "ETCD"}
	kwok       = Module{Name: "kwok", Path: "sigs.k8s.io/kwok", VersionKey: "KWOK"}
	coredns    = Module{Name: "coredns", Path: "github.com/coredns/coredns", VersionKey: "COREDNS"}
	helm       = Module{Name: "helm", Path: "helm.sh/helm/v4", VersionKey: "HELM", stamp: func(version string) []string {
		return []string{"helm.sh/helm/v4/internal/version.version=v" + version}
	}}
	kubeconform = Module{Name: "kubeconform", Path: "github.com/yannh/kubeconform", VersionKey: "KUBECONFORM", stamp: func(version string) []string {
		return []string{"main.version=v" + version}
	}}
)

// components in the order in which they are worth building: the first ones are in every profile.
var components = []Component{
	{"etcd", etcd, etcd.Path},
	{"kube-apiserver", kubernetes, kubernetes.Path + "/cmd/kube-apiserver"},
	{"kubectl", kubernetes, kubernetes.Path + "/cmd/kubectl"},
	{"kube-controller-manager", kubernetes, kubernetes.Path + "/cmd/kube-controller-manager"},
	{"kube-scheduler", kubernetes, kubernetes.Path + "/cmd/kube-scheduler"},
	{"kwok", kwok, kwok.Path + "/cmd/kwok"},
	{"kubelet", kubernetes, kubernetes.Path + "/cmd/kubelet"},
	{"kube-proxy", kubernetes, kubernetes.Path + "/cmd/kube-proxy"},
	{"coredns", coredns, coredns.Path},
	{"helm", helm, helm.Path + "/cmd/helm"},
	{"kubeconform", kubeconform, kubeconform.Path + "/cmd/kubeconform"},
}

// Names lists the programs.
func Names() []string {
	var names []string
	for _, c := range components {
		names = append(names, c.Name)
	}
	return names
}

// Lookup finds a program by name.
func Lookup(name string) (Component, error) {
	i := slices.IndexFunc(components, func(c Component) bool { return c.Name == name })
	if i < 0 {
		return Component{}, fmt.Errorf("no tool %q; there are: %s", name, strings.Join(Names(), ", "))
	}
	return components[i], nil
}

// Without these the server calls itself v0.0.0, and clients that look at versions stumble.
func stampKubernetes(version string) []string {
	parts := strings.SplitN(version, ".", 3)
	var assignments []string
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		assignments = append(assignments,
			pkg+".gitVersion=v"+version,
			pkg+".gitMajor="+parts[0],
			pkg+".gitMinor="+parts[1],
			pkg+".gitTreeState=clean")
	}
	return assignments
}
