package realnodes

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sync/errgroup"

	"sp-ray.dev/testbed/internal/process"
)

// LoadImage imports a docker-archive on all nodes.
func LoadImage(ctx context.Context, stateDir, archive string) error {
	l, err := layoutOf(stateDir)
	if err != nil {
		return err
	}
	var group errgroup.Group
	for _, n := range nodes {
		group.Go(func() error { return l.loadImage(ctx, n, archive) })
	}
	return group.Wait()
}

func (l layout) loadImage(ctx context.Context, n node, archive string) error {
	pid := process.Pid(l.stateDir, n.holder())
	if pid == 0 {
		return fmt.Errorf("node %s does not run; start it by `testbed up --profile real`", n.name)
	}
	// Handed over open: its path may mean something else in the node's namespace.
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	return importImage(ctx, pid, file)
}

// importImage makes an image known to the node whose mount namespace the
// process has.
func importImage(ctx context.Context, pid int, archive *os.File) error {
	command := exec.CommandContext(ctx, "nsenter", "--target", fmt.Sprint(pid), "--mount", "--",
		"ctr", "--namespace", "k8s.io", "images", "import", "-")
	command.Stdin = archive
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("ctr images import: %w\n%s", err, out)
	}
	return nil
}
