// Package report is what a run found, as JSON and as tables.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// Report is one run.
type Report struct {
	Started time.Time `json:"started"`
	Machine Machine   `json:"machine"`
	Results []Result  `json:"results"`
}

// Machine says what it ran on and with what.
type Machine struct {
	CPUs       int      `json:"cpus"`
	CPUModel   string   `json:"cpuModel"`
	MemoryGiB  float64  `json:"memoryGiB"`
	Kernel     string   `json:"kernel"`
	Java       string   `json:"java"`
	Go         string   `json:"go"`
	Kubernetes string   `json:"kubernetes"`
	Revision   string   `json:"revision"`
	JVMOptions []string `json:"jvmOptions,omitempty"`
	PeerArgs   []string `json:"peerArgs,omitempty"`
}

// Result is one scenario of one operator.
type Result struct {
	Scenario string  `json:"scenario"`
	Operator string  `json:"operator"`
	Clusters int     `json:"clusters"`
	Workers  int     `json:"workers"`
	Seconds  float64 `json:"seconds"`
	// PodsSeconds is when the last pod had been created: what comes after that is scheduler's and
	// kubelets' time, and one status write.
	PodsSeconds float64 `json:"podsSeconds,omitempty"`
	// Percentiles of single actions in seconds: "last pod p50".
	Percentiles map[string]float64 `json:"percentiles,omitempty"`

	// Requests are the operator's own, AllRequests everybody's.
	Requests    map[string]int `json:"requests"`
	AllRequests map[string]int `json:"allRequests"`
	// Conflicts are everybody's requests that were refused with 409, but for those on pods' status,
	// which the simulated kubelets cause.
	Conflicts map[string]int `json:"conflicts,omitempty"`

	// EndedWatches are those that the API server ended because their reader was too slow. A starved
	// machine causes them, and they cost everybody time: many make a run worthless.
	EndedWatches int `json:"endedWatches"`

	// Passes are the operator's reconciles.
	Passes int `json:"passes,omitempty"`

	OperatorCPU  float64            `json:"operatorCPUSeconds"`
	PeakRSS      float64            `json:"operatorPeakRSSMiB,omitempty"`
	RSS          float64            `json:"operatorRSSMiB,omitempty"`
	LiveHeap     float64            `json:"operatorLiveHeapMiB,omitempty"`
	ControlPlane map[string]float64 `json:"controlPlaneCPUSeconds"`
	BenchCPU     float64            `json:"benchCPUSeconds"`
	// ForeignCPU is what processes that have nothing to do with the run used meanwhile.
	ForeignCPU float64 `json:"foreignCPUSeconds"`
}

// Key names a result among others of its run.
func (r Result) Key() string { return r.Scenario + "/" + r.Operator }

// Writes are the operator's own, without its lease and without Events.
func (r Result) Writes() int {
	return r.count(func(verb, resource string) bool { return isWrite(verb) && resource != "events" })
}

// Events are those that the operator recorded or updated.
func (r Result) Events() int {
	return r.count(func(verb, resource string) bool { return isWrite(verb) && resource == "events" })
}

// ConflictCount is the sum of all.
func (r Result) ConflictCount() int {
	sum := 0
	for _, n := range r.Conflicts {
		sum += n
	}
	return sum
}

// ControlPlaneCPU is the sum over its components.
func (r Result) ControlPlaneCPU() float64 {
	sum := 0.0
	for _, seconds := range r.ControlPlane {
		sum += seconds
	}
	return sum
}

func (r Result) count(wanted func(verb, resource string) bool) int {
	sum := 0
	for key, n := range r.Requests {
		verb, resource, _ := strings.Cut(key, " ")
		if wanted(verb, resource) {
			sum += n
		}
	}
	return sum
}

func isWrite(verb string) bool {
	switch verb {
	case "create", "patch", "update", "delete":
		return true
	}
	return false
}

// Find returns a result by its key.
func (r Report) Find(key string) (Result, bool) {
	for _, result := range r.Results {
		if result.Key() == key {
			return result, true
		}
	}
	return Result{}, false
}

// Write stores a report.
func (r Report) Write(file string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(encoded, '\n'), 0o644)
}

// Read loads one.
func Read(file string) (Report, error) {
	var r Report
	content, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(content, &r); err != nil {
		return r, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}
