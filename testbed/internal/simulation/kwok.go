package simulation

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/versions"
)

const kwokName = "kwok"

// stageFiles are the behaviours that KWOK itself ships: nodes become ready and stay it, pods run
// at once, pods of Jobs complete at once, deleted pods go at once.
var stageFiles = []string{
	"node/fast/node-initialize.yaml",
	"node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
	"pod/fast/pod-ready.yaml",
	"pod/fast/pod-complete.yaml",
	"pod/fast/pod-delete.yaml",
}

// stages returns the path of the file with all stages. They are taken out of KWOK's module once,
// so that they always fit the version that runs.
func stages(ctx context.Context) (string, error) {
	path := filepath.Join(cache.Dir(), "kwok", "stages-"+versions.Get("KWOK")+".yaml")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	module, err := cache.ModuleDir(ctx, kwokName)
	if err != nil {
		return "", err
	}
	var all bytes.Buffer
	for _, file := range stageFiles {
		content, err := os.ReadFile(filepath.Join(module, "kustomize", "stage", file))
		if err != nil {
			return "", err
		}
		all.WriteString("---\n")
		all.Write(content)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	unfinished, err := os.CreateTemp(filepath.Dir(path), "stages")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(unfinished.Name()) }()
	if _, err := unfinished.Write(all.Bytes()); err != nil {
		return "", err
	}
	if err := unfinished.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(unfinished.Name(), path)
}

// settings are what has no flag: how much KWOK does at once. All four have to be there. More pods
// at once make KWOK play some of them twice, which costs a refused patch each.
const settings = `apiVersion: config.kwok.x-k8s.io/v1alpha1
kind: KwokConfiguration
options:
  podPlayStageParallelism: 4
  nodePlayStageParallelism: 4
  nodeLeaseParallelism: 16
  podsOnNodeSyncParallelism: 8
`

func settingsFile(stateDir string) string { return filepath.Join(stateDir, "kwok.yaml") }

func kwokSpec(stateDir, path, stages string) process.Spec {
	return process.Spec{
		Name: kwokName,
		Path: path,
		Args: []string{
			"--kubeconfig=" + controlplane.ComponentKubeconfig(stateDir, kwokName),
			"--config=" + settingsFile(stateDir),
			"--config=" + stages,
			"--manage-all-nodes=false",
			"--manage-nodes-with-annotation-selector=" + managedAnnotation + "=" + managedValue,
			"--node-lease-duration-seconds=120",
			"--v=WARN", // else every renewal of a lease is a line
			"--cidr=10.128.0.0/9",
			"--server-address=", // it offers logs and exec of simulated pods, which nobody asks for
		},
	}
}
