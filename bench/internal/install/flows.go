package install

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sp-ray.dev/bench/internal/api"
)

// The API server counts requests by verb and resource, but not by who sent them. It does count what
// each FlowSchema dispatched, and a FlowSchema can be for one service account, verb and resource:
// one for each that matters counts exactly, and without the cost of an audit log.
const (
	// FlowPrefix begins their names; the rest is the verb and the resource.
	FlowPrefix = "bench."
	// DispatchedMetric counts by flow_schema.
	DispatchedMetric = "apiserver_flowcontrol_dispatched_requests_total"
	// all stands for the * of a rule.
	all = "any"
)

// flow is what one FlowSchema counts.
type flow struct {
	verbs    []string
	resource string // "*" is all
}

func (f flow) name(account string) string {
	name := strings.NewReplacer("/", ".", "*", all)
	return FlowPrefix + account + "." + name.Replace(f.verbs[0]) + "." + name.Replace(f.resource)
}

// flows in the order in which they are tried.
func flows() []flow {
	writes := [][]string{{"create"}, {"patch"}, {"update"}, {"delete", "deletecollection"}}
	list := []flow{{[]string{"*"}, "leases"}}
	for _, resource := range []string{"pods", "services", "rayclusters", "rayclusters/status", "events", "*"} {
		for _, verbs := range writes {
			list = append(list, flow{verbs, resource})
		}
	}
	for _, verb := range []string{"get", "list", "watch"} {
		list = append(list, flow{[]string{verb}, "*"})
	}
	return list
}

// FlowKey is "create pods" for the name of the FlowSchema that counts that, "" for other names.
func FlowKey(labels map[string]string) string {
	name, ours := strings.CutPrefix(labels["flow_schema"], FlowPrefix)
	if !ours {
		return ""
	}
	_, key, _ := strings.Cut(name, ".") // the account
	verb, resource, _ := strings.Cut(key, ".")
	return verb + " " + strings.ReplaceAll(resource, ".", "/")
}

func countRequests(ctx context.Context, client *api.Client, account string) error {
	for i, f := range flows() {
		encoded, err := json.Marshal(schema(f, account, int32(1000+i)))
		if err != nil {
			return err
		}
		if _, err := client.Create(ctx, "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", encoded); err != nil {
			return fmt.Errorf("counting %v: %w", f, err)
		}
	}
	return nil
}

func schema(f flow, account string, precedence int32) flowcontrolv1.FlowSchema {
	return flowcontrolv1.FlowSchema{
		TypeMeta:   metav1.TypeMeta{APIVersion: "flowcontrol.apiserver.k8s.io/v1", Kind: "FlowSchema"},
		ObjectMeta: metav1.ObjectMeta{Name: f.name(account)},
		Spec: flowcontrolv1.FlowSchemaSpec{
			// Where the requests of service accounts go anyway.
			PriorityLevelConfiguration: flowcontrolv1.PriorityLevelConfigurationReference{Name: "workload-low"},
			MatchingPrecedence:         precedence,
			DistinguisherMethod:        &flowcontrolv1.FlowDistinguisherMethod{Type: flowcontrolv1.FlowDistinguisherMethodByUserType},
			Rules: []flowcontrolv1.PolicyRulesWithSubjects{{
				Subjects: []flowcontrolv1.Subject{{
					Kind:           flowcontrolv1.SubjectKindServiceAccount,
					ServiceAccount: &flowcontrolv1.ServiceAccountSubject{Namespace: Namespace, Name: account},
				}},
				ResourceRules: []flowcontrolv1.ResourcePolicyRule{{
					Verbs: f.verbs, APIGroups: []string{"*"}, Resources: []string{f.resource},
					ClusterScope: true, Namespaces: []string{"*"},
				}},
			}},
		},
	}
}
