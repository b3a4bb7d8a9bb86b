// Package process runs the testbed's components as detached processes that outlive the command
// which started them, and finds them again later.
//
// Under <stateDir>/processes a component has <name>.json (how to start it, written before it is
// started), <name>.pid (who it is, written by the new process itself before it becomes the
// component) and <name>.lock. The new process holds the lock until it has recorded itself, so
// that a starter killed at any moment leaves no process behind that nobody knows.
package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// Spec says how to start a component.
type Spec struct {
	Name    string   `json:"name"`
	Path    string   `json:"path"`
	Args    []string `json:"args,omitempty"`
	Env     []string `json:"env,omitempty"`     // KEY=value, in addition to PATH, HOME and the like
	Netns   string   `json:"netns,omitempty"`   // name of an `ip netns` namespace; "" is the host's
	MountNs bool     `json:"mountNs,omitempty"` // a mount namespace of its own with private propagation
	Setup   string   `json:"setup,omitempty"`   // shell commands run inside the namespaces before the component
	Dir     string   `json:"dir,omitempty"`     // working directory; "" is the state directory
}

type record struct {
	Spec  Spec  `json:"spec"`
	Order int64 `json:"order"`
}

func processDir(stateDir string) string { return filepath.Join(stateDir, "processes") }
func recordPath(stateDir, name string) string {
	return filepath.Join(processDir(stateDir), name+".json")
}
func identityPath(stateDir, name string) string {
	return filepath.Join(processDir(stateDir), name+".pid")
}
func lockPath(stateDir, name string) string { return filepath.Join(processDir(stateDir), name+".lock") }

// LogPath is the file that takes a component's output.
func LogPath(stateDir, name string) string { return filepath.Join(stateDir, "logs", name+".log") }

func readRecord(stateDir, name string) (record, error) {
	var r record
	content, err := os.ReadFile(recordPath(stateDir, name))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(content, &r)
}

func writeRecord(stateDir string, s Spec) error {
	r := record{Spec: s, Order: time.Now().UnixNano()}
	if old, err := readRecord(stateDir, s.Name); err == nil {
		r.Order = old.Order // a restarted component keeps its place
	}
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	path := recordPath(stateDir, s.Name)
	if err := os.WriteFile(path+".new", append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Recorded returns how a component was started last.
func Recorded(stateDir, name string) (Spec, error) {
	r, err := readRecord(stateDir, name)
	if errors.Is(err, os.ErrNotExist) {
		return Spec{}, fmt.Errorf("no component %q here; there are: %s", name, strings.Join(Names(stateDir), ", "))
	}
	return r.Spec, err
}

// Names returns the recorded components in the order of their first start, running or not.
func Names(stateDir string) []string {
	files, _ := filepath.Glob(filepath.Join(processDir(stateDir), "*.json"))
	var names []string
	order := map[string]int64{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		r, err := readRecord(stateDir, name)
		if err != nil {
			continue
		}
		names = append(names, name)
		order[name] = r.Order
	}
	sort.Slice(names, func(i, j int) bool { return order[names[i]] < order[names[j]] })
	return names
}
