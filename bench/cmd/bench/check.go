package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"sp-ray.dev/bench/internal/gates"
	"sp-ray.dev/bench/internal/report"
)

func newCheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check FILE.json",
		Short: "Compare a run with the limits in bench/gates.yaml",
		Args:  cobra.ExactArgs(1),
	}
	file := cmd.Flags().String("gates", "", "the limits (default: bench/gates.yaml in the repository)")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if *file == "" {
			root, err := repositoryRoot()
			if err != nil {
				return err
			}
			*file = filepath.Join(root, "bench", "gates.yaml")
		}
		limits, err := gates.Read(*file)
		if err != nil {
			return err
		}
		r, err := report.Read(args[0])
		if err != nil {
			return err
		}
		passed, broken := limits.Check(r)
		for _, line := range passed {
			fmt.Println("ok      " + line)
		}
		for _, line := range broken {
			fmt.Println("BROKEN  " + line)
		}
		if len(broken) > 0 {
			return fmt.Errorf("%d of %d limits are broken", len(broken), len(broken)+len(passed))
		}
		return nil
	}
	return cmd
}

func newGates() *cobra.Command {
	return &cobra.Command{
		Use:     "gates FILE.json...",
		Short:   "Print limits made from runs: the mean of them and 20 %",
		Example: `  bench gates 1.json 2.json 3.json 4.json 5.json >gates.yaml`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			var runs []report.Report
			for _, file := range files {
				r, err := report.Read(file)
				if err != nil {
					return err
				}
				runs = append(runs, r)
			}
			encoded, err := gates.From(runs).YAML()
			fmt.Print(string(encoded))
			return err
		},
	}
}
