package realnodes

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
)

// IsNode says whether a component stands for a whole node.
func IsNode(component string) bool {
	_, err := nodeOf(component)
	return err == nil
}

func nodeOf(component string) (node, error) {
	i := slices.IndexFunc(nodes, func(n node) bool { return n.holder() == component })
	if i < 0 {
		return node{}, fmt.Errorf("%s is no node", component)
	}
	return nodes[i], nil
}

// machine lists the programs that make up a node, in the order in which they start.
func (n node) machine() []string {
	programs := []string{n.containerd(), n.kubelet()}
	if n.gpus() > 0 {
		programs = append(programs, n.devicePlugin())
	}
	return programs
}

// StopNode is a power failure: all that runs on a node ends at once, containers
// included. Nobody tells the API server. The node's disk stays.
func StopNode(stateDir, component string) error {
	l, err := layoutOf(stateDir)
	if err != nil {
		return err
	}
	n, err := nodeOf(component)
	if err != nil {
		return err
	}
	for _, program := range slices.Backward(n.machine()) {
		if err := process.Stop(l.stateDir, program, 0); err != nil {
			return err
		}
	}
	return killAll(func() []int { return cgroupProcesses(l.cgroup(n)) })
}

// StartNode is the power's return; also a node that was deleted is one again.
func StartNode(ctx context.Context, stateDir, component string) error {
	l, err := layoutOf(stateDir)
	if err != nil {
		return err
	}
	n, err := nodeOf(component)
	if err != nil {
		return err
	}
	since := thisSecond()
	for _, program := range n.machine() {
		if err := process.Restart(l.stateDir, program); err != nil {
			return err
		}
		// A kubelet that can't reach its containerd gives up.
		if program == n.containerd() {
			if err := l.awaitContainerd(ctx, n); err != nil {
				return err
			}
		}
	}
	return l.awaitNode(ctx, n, since)
}

// awaitContainerd waits until a kubelet could use it: its socket is there some time before it answers.
func (l layout) awaitContainerd(ctx context.Context, n node) error {
	socket := fmt.Sprintf("unix:///proc/%d/root/run/containerd/containerd.sock", process.Pid(l.stateDir, n.holder()))
	return controlplane.Await(ctx, l.stateDir, n.containerd(), []string{n.holder(), n.containerd()}, func(ctx context.Context) error {
		connection, err := grpc.NewClient(socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		defer connection.Close()
		_, err = runtime.NewRuntimeServiceClient(connection).Version(ctx, &runtime.VersionRequest{})
		return err
	})
}
