package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Tables are the results as markdown that is readable on a terminal too.
func (r Report) Tables() string {
	var out strings.Builder
	out.WriteString(table(r.figures()))
	for _, line := range r.comparisons() {
		out.WriteString("\n" + line)
	}
	out.WriteString("\n\nThe operators' own requests:\n\n")
	out.WriteString(table(r.requests()))
	return out.String()
}

func (r Report) figures() [][]string {
	rows := [][]string{{"scenario", "operator", "clusters × workers", "seconds", "all pods s", "writes per cluster", "Events per cluster",
		"409", "passes per cluster", "CPU s", "peak RSS MiB", "live heap MiB", "control plane CPU s", "foreign CPU s", "ended watches"}}
	for _, result := range r.Results {
		seconds := fmt.Sprintf("%.1f", result.Seconds)
		for _, name := range slices.Sorted(maps.Keys(result.Percentiles)) {
			seconds += fmt.Sprintf(", %s %.3f", name, result.Percentiles[name])
		}
		rows = append(rows, []string{
			result.Scenario, result.Operator, fmt.Sprintf("%d × %d", result.Clusters, result.Workers), seconds, figure(result.PodsSeconds),
			perCluster(result.Writes(), result.Clusters), perCluster(result.Events(), result.Clusters),
			fmt.Sprint(result.ConflictCount()), passes(result), figure(result.OperatorCPU), figure(result.PeakRSS), figure(result.LiveHeap),
			figure(result.ControlPlaneCPU()), figure(result.ForeignCPU), fmt.Sprint(result.EndedWatches),
		})
	}
	return rows
}

func perCluster(n, clusters int) string {
	if clusters == 0 {
		return "-"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.2f", float64(n)/float64(clusters)), ".00")
}

func passes(result Result) string {
	if result.Passes == 0 {
		return "-"
	}
	return perCluster(result.Passes, result.Clusters)
}

func figure(value float64) string {
	if value == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", value)
}

// comparisons are ratios within the run, which say more than seconds: those move with the machine.
func (r Report) comparisons() []string {
	var lines []string
	for _, result := range r.Results {
		if result.Operator == "floor" {
			continue
		}
		for _, other := range []string{"floor", "peer"} {
			found, ok := r.Find(result.Scenario + "/" + other)
			if ok && result.Operator != other && result.Operator != "peer" {
				lines = append(lines, fmt.Sprintf("%s: %s takes %.2f × the %s", result.Scenario, result.Operator, result.Seconds/found.Seconds, other))
			}
		}
		if result.Operator == "peer" {
			if found, ok := r.Find(result.Scenario + "/floor"); ok {
				lines = append(lines, fmt.Sprintf("%s: peer takes %.2f × the floor", result.Scenario, result.Seconds/found.Seconds))
			}
		}
	}
	return lines
}

func (r Report) requests() [][]string {
	rows := [][]string{{"scenario", "operator", "requests"}}
	for _, result := range r.Results {
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(result.Requests)) {
			parts = append(parts, fmt.Sprintf("%s %d", key, result.Requests[key]))
		}
		rows = append(rows, []string{result.Scenario, result.Operator, strings.Join(parts, ", ")})
	}
	return rows
}

func table(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for number, row := range rows {
		for i, cell := range row {
			out.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		out.WriteString("|\n")
		if number == 0 {
			for _, width := range widths {
				out.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			out.WriteString("|\n")
		}
	}
	return out.String()
}
