package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/upstream"
)

func newBuild() *cobra.Command {
	return &cobra.Command{
		Use:   "build [NAME...]",
		Short: "Build programs ahead of time (all of them by default)",
		Example: `  testbed build                        # everything, for instance in an image of a CI machine
  testbed build etcd kube-apiserver    # what the api profile needs`,
		ValidArgsFunction: completeTools,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 0 {
				names = upstream.Names()
			}
			_, err := cache.Tools(cmd.Context(), names...)
			return err
		},
	}
}

func newBin() *cobra.Command {
	return &cobra.Command{
		Use:   "bin NAME",
		Short: "Print the path of a program, which is built if need be",
		Example: `  alias kubectl="$(testbed bin kubectl)"
  "$(testbed bin helm)" version`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeTools,
		RunE: func(cmd *cobra.Command, names []string) error {
			path, err := cache.Tool(cmd.Context(), names[0])
			if err != nil {
				return err
			}
			fmt.Println(path)
			return nil
		},
	}
}

func completeTools(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return upstream.Names(), cobra.ShellCompDirectiveNoFileComp
}
