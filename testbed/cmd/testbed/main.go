// Command testbed runs a real Kubernetes on this machine, built from released Go modules.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "testbed:", err)
		os.Exit(1)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "testbed",
		Short: "A real Kubernetes on this machine, for tests and for trying things out",
		Long: `testbed runs a real Kubernetes on this machine: no container engine, no cloud, no download of
binaries. Its programs are built from released Go modules when they are needed for the first time.

Profiles:
  api   etcd and kube-apiserver: objects are stored and validated, nothing happens to them
  sim   api + controller manager, scheduler and simulated nodes in GKE-like pools
        (cpu, t4, a100): pods are scheduled and become Running, but no container runs
  real  three real nodes with kubelet and containerd that run real Ray (Linux, root)`,
		Example: `  eval "$(testbed up --profile api)"      # start it, and point kubectl at it
  testbed up --profile sim --t4-nodes 10
  testbed status
  testbed down`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	root.AddCommand(newUp(), newEnv(), newStatus(), newDown(), newStop(), newStart(), newCompact(), newBin(), newBuild(), newCheck(), newImage(), newLoadImage(), newProxy())
	return root
}
