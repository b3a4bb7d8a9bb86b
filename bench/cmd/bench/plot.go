package main

import (
	"os"

	"github.com/spf13/cobra"

	"sp-ray.dev/bench/internal/plot"
	"sp-ray.dev/bench/internal/report"
)

func newPlot() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "plot FILE.json...",
		Short:   "Draw the cost per cluster over the number of clusters",
		Example: `  bench plot --out docs/performance.svg 100.json 300.json 1000.json 3000.json`,
		Args:    cobra.MinimumNArgs(1),
	}
	out := cmd.Flags().String("out", "performance.svg", "the SVG file")
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		var runs []report.Report
		for _, file := range files {
			r, err := report.Read(file)
			if err != nil {
				return err
			}
			runs = append(runs, r)
		}
		canvas, err := plot.SVG(runs)
		if err != nil {
			return err
		}
		file, err := os.Create(*out)
		if err != nil {
			return err
		}
		if _, err := canvas.WriteTo(file); err != nil {
			_ = file.Close()
			return err
		}
		return file.Close()
	}
	return cmd
}
