// Package measure reads figures: requests from the API server's counters, CPU and memory from the
// kernel.
package measure

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Counter is one Prometheus counter: a value for each set of labels.
type Counter []Sample

// Sample is one value of a counter.
type Sample struct {
	Labels map[string]string
	Value  float64
}

// Parse reads counters (or gauges) by name out of a metrics page. Only their lines are parsed: the
// API server's page has some ten megabytes.
func Parse(page io.Reader, names ...string) (map[string]Counter, error) {
	var kept bytes.Buffer
	lines := bufio.NewScanner(page)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Bytes()
		name, _, _ := bytes.Cut(line, []byte("{"))
		name, _, _ = bytes.Cut(name, []byte(" "))
		if slices.Contains(names, string(name)) {
			kept.Write(line)
			kept.WriteByte('\n')
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(&kept)
	if err != nil {
		return nil, err
	}
	counters := map[string]Counter{}
	for name, family := range families {
		for _, metric := range family.Metric {
			counters[name] = append(counters[name], Sample{labels(metric), value(metric)})
		}
	}
	return counters, nil
}

func labels(metric *dto.Metric) map[string]string {
	found := map[string]string{}
	for _, label := range metric.Label {
		found[label.GetName()] = label.GetValue()
	}
	return found
}

// value is right for every type: without its TYPE line a metric is untyped.
func value(metric *dto.Metric) float64 {
	return metric.GetUntyped().GetValue() + metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
}

// Sum adds up the samples that match.
func (c Counter) Sum(match func(labels map[string]string) bool) float64 {
	sum := 0.0
	for _, sample := range c {
		if match(sample.Labels) {
			sum += sample.Value
		}
	}
	return sum
}

// By adds up samples under the key that is made of their labels; "" leaves a sample out.
func (c Counter) By(key func(labels map[string]string) string) map[string]int {
	sums := map[string]int{}
	for _, sample := range c {
		if k := key(sample.Labels); k != "" {
			sums[k] += int(sample.Value)
		}
	}
	return sums
}

// Difference is what was counted between two readings, without what did not move.
func Difference(before, after map[string]int) map[string]int {
	moved := maps.Clone(after)
	for key, value := range before {
		moved[key] -= value
	}
	maps.DeleteFunc(moved, func(_ string, count int) bool { return count == 0 })
	return moved
}

// RequestKey names a request of apiserver_request_total: "POST pods/binding".
func RequestKey(labels map[string]string) string {
	name := labels["resource"]
	if name == "" {
		return "" // not about an object: health checks, discovery, metrics
	}
	if sub := labels["subresource"]; sub != "" {
		name += "/" + strings.TrimPrefix(sub, "/")
	}
	return labels["verb"] + " " + name
}

// ConflictKey names a request that was refused with 409, "" for all others.
func ConflictKey(labels map[string]string) string {
	if labels["code"] != "409" {
		return ""
	}
	return RequestKey(labels)
}
