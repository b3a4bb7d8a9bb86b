package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sp-ray.dev/bench/internal/report"
)

func newShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show FILE...",
		Short: "Print the tables of runs",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			for _, file := range files {
				r, err := report.Read(file)
				if err != nil {
					return err
				}
				fmt.Printf("%s\n\n%s\n", file, r.Tables())
			}
			return nil
		},
	}
}
