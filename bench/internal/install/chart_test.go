package install

import (
	"slices"
	"strings"
	"testing"
)

const rendered = `---
# Source: a
apiVersion: v1
kind: ServiceAccount
metadata: {name: a}
---
# Source: b
apiVersion: apps/v1
kind: Deployment
metadata: {name: b}
spec:
  template:
    spec:
      containers:
      - name: operator
        command: [java, -XX:+UseSerialGC, -jar, x.jar]
        args: [--a=b]
        resources: {limits: {memory: 512Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: c}
`

func TestTheDeploymentSaysHowToRun(t *testing.T) {
	deployment, others, err := splitDeployment(rendered)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(others, "Deployment") || !strings.Contains(others, "ServiceAccount") || !strings.Contains(others, "kind: Service\n") {
		t.Errorf("the others: %s", others)
	}
	command, err := commandOf(deployment)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(command.JVMOptions, []string{"-XX:+UseSerialGC"}) ||
		!slices.Equal(command.Args, []string{"--a=b"}) || command.MemoryLimit != 512<<20 {
		t.Errorf("%+v", command)
	}
}

func TestAChartWithoutADeploymentIsRefused(t *testing.T) {
	if _, _, err := splitDeployment("---\nkind: Service\n"); err == nil {
		t.Error("accepted")
	}
}
