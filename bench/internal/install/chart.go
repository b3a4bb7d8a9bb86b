package install

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"
)

// Command is how the chart's Deployment runs the operator.
type Command struct {
	JVMOptions  []string
	Args        []string
	MemoryLimit int64 // bytes
}

// splitDeployment takes the Deployment out of a rendered chart.
func splitDeployment(rendered string) (deployment, others string, err error) {
	var kept []string
	for document := range strings.SplitSeq("\n"+rendered, "\n---\n") {
		switch {
		case strings.TrimSpace(document) == "":
		case strings.Contains(document, "\nkind: Deployment\n"):
			deployment = document
		default:
			kept = append(kept, document)
		}
	}
	if deployment == "" {
		return "", "", errors.New("the chart has no Deployment")
	}
	return deployment, strings.Join(kept, "\n---\n"), nil
}

func commandOf(deployment string) (Command, error) {
	var d appsv1.Deployment
	if err := yaml.Unmarshal([]byte(deployment), &d); err != nil {
		return Command{}, fmt.Errorf("the chart's Deployment: %w", err)
	}
	container := d.Spec.Template.Spec.Containers[0]
	jar := slices.Index(container.Command, "-jar")
	if jar < 1 {
		return Command{}, fmt.Errorf("the chart's Deployment does not run a jar: %v", container.Command)
	}
	return Command{
		JVMOptions:  container.Command[1:jar],
		Args:        container.Args,
		MemoryLimit: container.Resources.Limits.Memory().Value(),
	}, nil
}
