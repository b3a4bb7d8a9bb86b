// Package plot draws what a cluster costs as there are more of them.
package plot

import (
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"sp-ray.dev/bench/internal/report"
)

// panel is one of the plots.
type panel struct {
	title, unit string
	value       func(report.Result) float64
}

var panels = []panel{
	{"Time until ready, per cluster", "ms", func(r report.Result) float64 { return 1000 * r.Seconds / float64(r.Clusters) }},
	{"The operator's CPU, per cluster", "ms", func(r report.Result) float64 { return 1000 * r.OperatorCPU / float64(r.Clusters) }},
}

// Points of one operator: cost by number of clusters, the mean where there are several runs.
func points(runs []report.Report, operator string, value func(report.Result) float64) plotter.XYs {
	values := map[int][]float64{}
	for _, run := range runs {
		if result, ok := run.Find("create/" + operator); ok {
			if v := value(result); v > 0 {
				values[result.Clusters] = append(values[result.Clusters], v)
			}
		}
	}
	var xys plotter.XYs
	for _, clusters := range slices.Sorted(maps.Keys(values)) {
		sum := 0.0
		for _, v := range values[clusters] {
			sum += v
		}
		xys = append(xys, plotter.XY{X: float64(clusters), Y: sum / float64(len(values[clusters]))})
	}
	return xys
}

// SVG draws the scenario create of all runs.
func SVG(runs []report.Report) (*vgsvg.Canvas, error) {
	const width, height = 24 * vg.Centimeter, 9 * vg.Centimeter
	canvas := vgsvg.New(width, height)
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Centimeter}
	for i, panel := range panels {
		p, err := panel.draw(runs)
		if err != nil {
			return nil, err
		}
		p.Draw(tiles.At(draw.New(canvas), i, 0))
	}
	return canvas, nil
}

func (panel panel) draw(runs []report.Report) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text = panel.title
	p.X.Label.Text = "clusters"
	p.Y.Label.Text = panel.unit
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(nil)
	p.Legend.Top = true
	ticks := map[float64]bool{}
	for i, operator := range []string{"sp-ray", "floor", "peer"} {
		xys := points(runs, operator, panel.value)
		if len(xys) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(xys)
		if err != nil {
			return nil, err
		}
		line.Color, dots.Color, dots.Shape = plotutil.Color(i), plotutil.Color(i), draw.CircleGlyph{}
		p.Add(line, dots)
		p.Legend.Add(operator, line, dots)
		for _, xy := range xys {
			ticks[xy.X] = true
		}
	}
	if len(ticks) == 0 {
		return nil, fmt.Errorf("the runs hold nothing for %q", panel.title)
	}
	var marks []plot.Tick
	for _, x := range slices.Sorted(maps.Keys(ticks)) {
		marks = append(marks, plot.Tick{Value: x, Label: fmt.Sprintf("%.0f", x)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(marks)
	p.Y.Min = 0
	p.Y.Max *= 1.15 // the legend needs some room
	return p, nil
}
