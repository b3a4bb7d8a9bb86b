package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/ports"
	"sp-ray.dev/testbed/internal/state"
)

func newDown() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "down",
		Short: "Stop a testbed and remove everything that it made",
		Long: `down ends the testbed's processes and removes its directory with all data. What was built
stays in the cache. It is safe at any time, also after an up that was killed.`,
		Args: cobra.NoArgs,
	}
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		return down(cmd.Context(), dir)
	}
	return cmd
}

func down(ctx context.Context, dir string) error {
	if !state.Exists(dir) {
		fmt.Fprintf(os.Stderr, "nothing is running in %s\n", dir)
		return nil
	}
	lock, err := state.Lock(ctx, dir)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	t, err := state.Load(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist): // an up that ended before it started anything
		return state.Remove(dir, lock)
	case err != nil:
		return err
	}
	p, err := findProfile(t.Profile)
	if err != nil {
		return err
	}
	if err := p.down(dir); err != nil {
		return err
	}
	if err := ports.Release(dir); err != nil {
		return err
	}
	if err := state.Remove(dir, lock); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "the %s testbed is gone\n", t.Profile)
	return nil
}
