package main

import (
	"bytes"
	"strings"
	"testing"
)

const question = `{
  "policies": [{
    "metadata": {"namespace": "a", "name": "p"},
    "spec": {
      "podSelector": {"matchLabels": {"app": "ray"}},
      "policyTypes": ["Ingress", "Egress"],
      "ingress": [{
        "from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "prometheus"}}}],
        "ports": [{"port": 8080, "protocol": "TCP"}]}],
      "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.1/32"}}], "ports": [{"port": 443, "protocol": "TCP"}]}]
    }}],
  "flows": [
    {"from": {"namespace": "b", "podLabels": {"app": "prometheus"}, "ip": "10.1.0.1"},
     "to": {"namespace": "a", "podLabels": {"app": "ray"}, "ip": "10.1.0.2"}, "port": 8080, "protocol": "TCP"},
    {"from": {"namespace": "b", "podLabels": {"app": "prometheus"}, "ip": "10.1.0.1"},
     "to": {"namespace": "a", "podLabels": {"app": "ray"}, "ip": "10.1.0.2"}, "port": 8081, "protocol": "TCP"},
    {"from": {"namespace": "b", "podLabels": {"app": "other"}, "ip": "10.1.0.1"},
     "to": {"namespace": "a", "podLabels": {"app": "ray"}, "ip": "10.1.0.2"}, "port": 8080, "protocol": "TCP"},
    {"from": {"namespace": "a", "podLabels": {"app": "ray"}, "ip": "10.1.0.2"},
     "to": {"ip": "10.0.0.1"}, "port": 443, "protocol": "TCP"},
    {"from": {"namespace": "a", "podLabels": {"app": "ray"}, "ip": "10.1.0.2"},
     "to": {"ip": "10.0.0.2"}, "port": 443, "protocol": "TCP"}]
}`

func TestAnswers(t *testing.T) {
	var out bytes.Buffer
	if err := run(strings.NewReader(question), &out); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(out.String()), "[true,false,false,true,false]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestATypoIsRefused(t *testing.T) {
	if err := run(strings.NewReader(`{"polices": []}`), &bytes.Buffer{}); err == nil {
		t.Error("accepted")
	}
}
