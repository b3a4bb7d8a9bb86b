// Package load makes the RayClusters that operators are measured with.
package load

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"sigs.k8s.io/yaml"
)

//go:embed raycluster.yaml
var manifest []byte

// Cluster is a RayCluster as JSON.
func Cluster(name string, workers int) []byte { return render(name, workers, nil) }

// Broken is a RayCluster whose pods the API server refuses: they request more than their limit. The
// CRD can't see that, so it is accepted.
func Broken(name string, workers int) []byte {
	return render(name, workers, func(template map[string]any) {
		for _, container := range template["spec"].(map[string]any)["containers"].([]any) {
			container.(map[string]any)["resources"] = map[string]any{
				"requests": map[string]any{"cpu": "2"},
				"limits":   map[string]any{"cpu": "1"},
			}
		}
	})
}

func render(name string, workers int, change func(podTemplate map[string]any)) []byte {
	var cluster map[string]any
	if err := yaml.Unmarshal(manifest, &cluster); err != nil {
		panic(err) // the file is part of the program
	}
	cluster["metadata"].(map[string]any)["name"] = name
	spec := cluster["spec"].(map[string]any)
	group := spec["workerGroupSpecs"].([]any)[0].(map[string]any)
	group["replicas"] = workers
	if change != nil {
		change(spec["headGroupSpec"].(map[string]any)["template"].(map[string]any))
		change(group["template"].(map[string]any))
	}
	encoded, err := json.Marshal(cluster)
	if err != nil {
		panic(err)
	}
	return encoded
}

// Replicas is the JSON patch that sets the worker group's size.
func Replicas(workers int) []byte {
	return fmt.Appendf(nil, `[{"op":"replace","path":"/spec/workerGroupSpecs/0/replicas","value":%d}]`, workers)
}

// Names are the names of n clusters.
func Names(prefix string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s-%05d", prefix, i)
	}
	return names
}
