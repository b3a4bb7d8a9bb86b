package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/state"
)

func newEnv() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "env",
		Short:   "Print the line that points kubectl and other clients at the testbed",
		Example: `  eval "$(testbed env)"`,
		Args:    cobra.NoArgs,
	}
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		if _, err := state.Load(dir); err != nil {
			return nothingHere(dir)
		}
		printEnv(dir)
		return nil
	}
	return cmd
}

func printEnv(dir string) {
	quoted := "'" + strings.ReplaceAll(controlplane.Kubeconfig(dir), "'", `'\''`) + "'"
	fmt.Println("export KUBECONFIG=" + quoted)
}

func nothingHere(dir string) error {
	return fmt.Errorf("nothing is running in %s; start one with `testbed up --profile api`", dir)
}
