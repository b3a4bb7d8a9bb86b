package proxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
)

// Rule says which requests, or which events of watches, something happens to.
type Rule struct {
	Name     string `json:"name"`
	Match    Match  `json:"match"`
	Phase    Phase  `json:"phase,omitempty"` // of rules for requests; before if empty
	Action   Action `json:"action"`
	MustFire *bool  `json:"mustFire,omitempty"` // true if absent: a fault that never came proves nothing
}

// Match chooses requests or events. What is empty matches everything.
type Match struct {
	Verb      string `json:"verb,omitempty"`      // an RBAC verb, "write" or "*"
	Resource  string `json:"resource,omitempty"`  // "pods", "rayclusters/status", "*"
	Namespace string `json:"namespace,omitempty"` // "*" as well
	Name      string `json:"name,omitempty"`      // may have wildcards: "c-worker-*"
	Type      string `json:"type,omitempty"`      // of events: ADDED, MODIFIED, DELETED, BOOKMARK
	Nth       int    `json:"nth,omitempty"`       // from the nth on, counted from 1; 0 is every one
	Count     int    `json:"count,omitempty"`     // how often it may fire; 0 is once with nth, else always
}

// Phase is the moment in a request's life at which a rule fires.
type Phase string

// The phases. After commit the server has answered, but the client has not heard of it.
const (
	Before      Phase = "before"
	AfterCommit Phase = "afterCommit"
	AfterAnswer Phase = "afterAnswer"
)

// Action is what happens. In JSON it is an object or, without parameters, its type alone.
type Action struct {
	Type              string `json:"type"`
	Cut               string `json:"cut,omitempty"`               // cut, breakWatch: connection or stream
	Ms                int    `json:"ms,omitempty"`                // delay, delayEvents
	Code              int    `json:"code,omitempty"`              // respond
	Reason            string `json:"reason,omitempty"`            // respond
	Message           string `json:"message,omitempty"`           // respond
	RetryAfterSeconds int    `json:"retryAfterSeconds,omitempty"` // respond
	Scope             string `json:"scope,omitempty"`             // hold: lane or request
}

// The actions: four for requests, five for events of watches.
const (
	Cut         = "cut"
	Delay       = "delay"
	Respond     = "respond"
	Hold        = "hold"
	HoldEvents  = "holdEvents"
	DropEvents  = "dropEvents"
	DelayEvents = "delayEvents"
	BreakWatch  = "breakWatch"
	Gone        = "gone"
)

// How a cut is made.
const (
	Connection = "connection" // with all that goes on in it
	Stream     = "stream"     // RST_STREAM; with HTTP/1.1 the connection ends in order
	Clean      = "clean"      // breakWatch: the end of the answer, as after the server's time-out
)

// UnmarshalJSON reads "hold" as {"type": "hold"}.
func (a *Action) UnmarshalJSON(content []byte) error {
	if bytes.HasPrefix(content, []byte(`"`)) {
		return json.Unmarshal(content, &a.Type)
	}
	type plain Action
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	return decoder.Decode((*plain)(a))
}

// ofEvents says whether a rule is about the events of watches, not about requests.
func (r *Rule) ofEvents() bool {
	return slices.Contains([]string{HoldEvents, DropEvents, DelayEvents, BreakWatch, Gone}, r.Action.Type)
}

func (r *Rule) mustFire() bool { return r.MustFire == nil || *r.MustFire }

// complete fills in what is left out and refuses what could never fire or has no meaning.
func (r *Rule) complete() error {
	if _, err := path.Match(r.Match.Name, ""); err != nil {
		return fmt.Errorf("name %q: %w", r.Match.Name, err)
	}
	if r.Match.Nth < 0 || r.Match.Count < 0 || r.Action.Ms < 0 {
		return fmt.Errorf("nth, count and ms are not negative")
	}
	if r.ofEvents() {
		return r.completeForEvents()
	}
	return r.completeForRequests()
}

func (r *Rule) completeForEvents() error {
	if verb := r.Match.Verb; verb != "" && verb != "watch" {
		return fmt.Errorf("%s is about watches, not about %q", r.Action.Type, verb)
	}
	if r.Phase != "" {
		return fmt.Errorf("%s has no phase", r.Action.Type)
	}
	if !slices.Contains([]string{"", "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"}, r.Match.Type) {
		return fmt.Errorf("no event has the type %q", r.Match.Type)
	}
	switch r.Action.Type {
	case DelayEvents:
		return r.needsMs()
	case BreakWatch:
		setDefault(&r.Action.Cut, Clean)
		r.Match.Count = max(r.Match.Count, 1) // else no watch would ever work again
		return oneOf("cut", r.Action.Cut, Clean, Stream, Connection)
	case Gone:
		r.Match.Count = max(r.Match.Count, 1)
	}
	return nil
}

func (r *Rule) completeForRequests() error {
	if r.Match.Type != "" {
		return fmt.Errorf("%s is about requests, which have no event type", r.Action.Type)
	}
	if verb := r.Match.Verb; verb != "" {
		if err := oneOf("verb", verb, append([]string{"*", "write", "get", "list", "watch"}, writingVerbs...)...); err != nil {
			return err
		}
	}
	setDefault((*string)(&r.Phase), string(Before))
	if err := oneOf("phase", string(r.Phase), string(Before), string(AfterCommit), string(AfterAnswer)); err != nil {
		return err
	}
	if r.Phase == AfterAnswer && r.Action.Type != Hold && r.Action.Type != Cut {
		return fmt.Errorf("%s comes too late after the answer", r.Action.Type)
	}
	switch r.Action.Type {
	case Cut:
		setDefault(&r.Action.Cut, Connection)
		return oneOf("cut", r.Action.Cut, Stream, Connection)
	case Delay:
		return r.needsMs()
	case Respond:
		if r.Action.Code < 400 || r.Action.Code > 599 {
			return fmt.Errorf("%d is no code of an error", r.Action.Code)
		}
		return nil
	case Hold:
		setDefault(&r.Action.Scope, "lane")
		return oneOf("scope", r.Action.Scope, "lane", "request")
	}
	return fmt.Errorf("no action %q", r.Action.Type)
}

func (r *Rule) needsMs() error {
	if r.Action.Ms == 0 {
		return fmt.Errorf("%s needs ms", r.Action.Type)
	}
	return nil
}

func setDefault(value *string, to string) {
	if *value == "" {
		*value = to
	}
}

func oneOf(what, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s is one of %v, not %q", what, allowed, value)
}

func (m *Match) coversRequest(r Request) bool {
	return m.coversVerb(r) && m.coversObject(r.Resource, r.Namespace, r.Name)
}

func (m *Match) coversVerb(r Request) bool {
	if m.Verb == "" || m.Verb == "*" {
		return true
	}
	if m.Verb == "write" && !r.changes() || m.Verb != "write" && m.Verb != r.Verb {
		return false
	}
	// Else the nth write would depend on when a lease is renewed.
	return !r.changes() || !r.bookkeeping() || !all(m.Resource)
}

func (m *Match) coversEvent(watch Request, e event) bool {
	return (m.Type == "" || m.Type == e.Type) && m.coversObject(watch.Resource, e.namespaceIn(watch), e.name())
}

// coversWatch is for rules that end watches as they are: those that may show what is looked for.
func (m *Match) coversWatch(watch Request) bool {
	return (all(m.Resource) || m.Resource == watch.Resource) &&
		(all(m.Namespace) || watch.Namespace == "" || m.Namespace == watch.Namespace)
}

func (m *Match) coversObject(resource, namespace, name string) bool {
	return (all(m.Resource) || m.Resource == resource) &&
		(all(m.Namespace) || m.Namespace == namespace) &&
		(m.Name == "" || matches(m.Name, name))
}

func all(pattern string) bool { return pattern == "" || pattern == "*" }

func matches(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return err == nil && matched
}
