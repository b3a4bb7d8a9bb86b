package install

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"
)

func TestNamesOfFlowsLeadBackToVerbAndResource(t *testing.T) {
	want := map[string]string{"pods": "create pods", "rayclusters/status": "create rayclusters/status", "*": "create any"}
	for resource, key := range want {
		name := flow{[]string{"create"}, resource}.name("my-operator")
		if got := FlowKey(map[string]string{"flow_schema": name}); got != key {
			t.Errorf("%s leads to %q, not %q", name, got, key)
		}
	}
	if FlowKey(map[string]string{"flow_schema": "service-accounts"}) != "" {
		t.Error("a foreign FlowSchema is counted")
	}
}

func TestFlowsHaveValidAndDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range flows() {
		name := f.name("a")
		if seen[name] {
			t.Errorf("%s comes twice", name)
		}
		seen[name] = true
		if problems := validation.IsDNS1123Subdomain(name); len(problems) > 0 {
			t.Errorf("%s: %s", name, strings.Join(problems, "; "))
		}
	}
}
