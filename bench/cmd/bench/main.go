// Command bench measures operators that make Ray clusters, on a simulated Kubernetes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "bench",
		Short: "Measures the operator, the least that any operator needs, and another operator",
		Long: `bench measures how fast and at what cost RayClusters are created, scaled, repaired and deleted, on a
simulated Kubernetes that is started anew for each operator. See docs/performance.md.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newRun(), newShow(), newCheck(), newGates(), newPlot())
	return root
}

// repositoryRoot is above the launcher's directory.
func repositoryRoot() (string, error) {
	if home := os.Getenv("BENCH_HOME"); home != "" {
		return filepath.Dir(home), nil
	}
	return "", errors.New("start it by its launcher, bench/bench")
}
