// network-flows tells which connections a set of NetworkPolicies lets through, by the matcher of
// cyclonus, with which network plug-ins are tested for conformance.
//
// It reads a JSON object from standard input, {"policies": [NetworkPolicy, ...], "flows": [Flow, ...]},
// and writes a JSON list of booleans: for each flow whether it is let through.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// Question is what is read.
type Question struct {
	Policies []*networkingv1.NetworkPolicy `json:"policies"`
	Flows    []Flow                        `json:"flows"`
}

// Flow is one connection.
type Flow struct {
	From     Peer            `json:"from"`
	To       Peer            `json:"to"`
	Port     int             `json:"port"`
	Protocol corev1.Protocol `json:"protocol"`
}

// Peer is a pod, or, without a namespace, an address that is none of a pod.
type Peer struct {
	Namespace       string            `json:"namespace"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	PodLabels       map[string]string `json:"podLabels"`
	IP              string            `json:"ip"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "network-flows:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	// A typo would let everything through.
	decoder.DisallowUnknownFields()
	var question Question
	if err := decoder.Decode(&question); err != nil {
		return err
	}
	policy := matcher.BuildNetworkPolicies(false, question.Policies)
	answers := make([]bool, len(question.Flows))
	for i, flow := range question.Flows {
		answers[i] = policy.IsTrafficAllowed(&matcher.Traffic{
			Source:       flow.From.traffic(),
			Destination:  flow.To.traffic(),
			ResolvedPort: flow.Port,
			Protocol:     flow.Protocol,
		}).IsAllowed()
	}
	return json.NewEncoder(out).Encode(answers)
}

func (p Peer) traffic() *matcher.TrafficPeer {
	if p.Namespace == "" {
		return &matcher.TrafficPeer{IP: p.IP}
	}
	return &matcher.TrafficPeer{
		IP: p.IP,
		Internal: &matcher.InternalPeer{
			Namespace:       p.Namespace,
			NamespaceLabels: p.NamespaceLabels,
			PodLabels:       p.PodLabels,
		},
	}
}
