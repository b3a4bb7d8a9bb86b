package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/state"
)

func newCompact() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Have etcd forget its history, as it does by itself every five minutes",
		Long: `compact has etcd forget every version but the newest of all objects. Who then asks the API server
for what happened since an older version hears "410 Gone", once the API server doesn't remember it
either: after its restart.`,
		Example: `  testbed stop kube-apiserver; testbed compact; testbed start kube-apiserver`,
		Args:    cobra.NoArgs,
	}
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		if _, err := state.Load(dir); err != nil {
			return nothingHere(dir)
		}
		revision, err := controlplane.Compact(cmd.Context(), dir)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "etcd remembers nothing before revision %s\n", revision)
		return nil
	}
	return cmd
}
