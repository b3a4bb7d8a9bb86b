package proxy

import (
	"encoding/json"
	"testing"
)

func TestMatch(t *testing.T) {
	pod := Request{Verb: "create", Resource: "pods", Namespace: "n", Name: "c-worker-1"}
	status := Request{Verb: "patch", Group: "ray.io", Resource: "rayclusters/status", Namespace: "n", Name: "c"}
	lease := Request{Verb: "update", Group: "coordination.k8s.io", Resource: "leases", Namespace: "n", Name: "l"}
	list := Request{Verb: "list", Resource: "pods"}
	for _, test := range []struct {
		match  Match
		wanted []Request
	}{
		{Match{}, []Request{pod, status, lease, list}},
		{Match{Verb: "*", Resource: "*", Namespace: "*", Name: "*"}, []Request{pod, status, lease, list}},
		{Match{Verb: "write"}, []Request{pod, status}},
		{Match{Verb: "update"}, nil},
		{Match{Verb: "write", Resource: "leases"}, []Request{lease}},
		{Match{Verb: "update", Resource: "leases"}, []Request{lease}},
		{Match{Resource: "pods"}, []Request{pod, list}},
		{Match{Resource: "rayclusters"}, nil},
		{Match{Resource: "rayclusters/status", Verb: "patch"}, []Request{status}},
		{Match{Namespace: "n", Name: "c-*"}, []Request{pod}},
		{Match{Namespace: "other"}, nil},
	} {
		for _, r := range []Request{pod, status, lease, list} {
			wanted := false
			for _, w := range test.wanted {
				wanted = wanted || w == r
			}
			if test.match.coversRequest(r) != wanted {
				t.Errorf("%+v with %+v: not %v", test.match, r, wanted)
			}
		}
	}
}

func TestWhenARuleIsDue(t *testing.T) {
	for name, test := range map[string]struct {
		match  Match
		wanted string
	}{
		"every one":            {Match{}, "yyyyy"},
		"the nth":              {Match{Nth: 2}, "nynnn"},
		"some from the nth on": {Match{Nth: 2, Count: 3}, "nyyyn"},
		"the first ones":       {Match{Count: 2}, "yynnn"},
	} {
		rule := activeRule{Rule: Rule{Match: test.match, Action: Action{Type: Cut}}}
		got := ""
		for range test.wanted {
			if rule.due() {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != test.wanted || rule.Seen != len(test.wanted) {
			t.Errorf("%s: %s after %d", name, got, rule.Seen)
		}
	}
}

func TestActionInShort(t *testing.T) {
	var rule Rule
	if err := json.Unmarshal([]byte(`{"match": {"verb": "write", "nth": 3}, "phase": "afterCommit", "action": "hold"}`), &rule); err != nil {
		t.Fatal(err)
	}
	if err := rule.complete(); err != nil || rule.Action != (Action{Type: Hold, Scope: "lane"}) {
		t.Errorf("%+v, %v", rule, err)
	}
}

func TestRulesThatMeanNothing(t *testing.T) {
	for name, rule := range map[string]Rule{
		"no action":            {},
		"unknown verb":         {Match: Match{Verb: "put"}, Action: Action{Type: Cut}},
		"unknown phase":        {Phase: "later", Action: Action{Type: Cut}},
		"unknown cut":          {Action: Action{Type: Cut, Cut: "wire"}},
		"no duration":          {Action: Action{Type: Delay}},
		"no error":             {Action: Action{Type: Respond, Code: 200}},
		"too late to respond":  {Phase: AfterAnswer, Action: Action{Type: Respond, Code: 500}},
		"events of a creation": {Match: Match{Verb: "create"}, Action: Action{Type: DropEvents}},
		"unknown event":        {Match: Match{Type: "GONE"}, Action: Action{Type: DropEvents}},
		"requests have none":   {Match: Match{Type: "ADDED"}, Action: Action{Type: Cut}},
		"phase of an event":    {Phase: Before, Action: Action{Type: HoldEvents}},
		"not a pattern":        {Match: Match{Name: "["}, Action: Action{Type: Cut}},
	} {
		if rule.complete() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
