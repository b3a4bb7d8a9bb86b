package proxy

import "maps"

// Counts are numbers of requests by verb and resource.
type Counts map[string]map[string]int

func (c Counts) add(r Request) {
	if c[r.Verb] == nil {
		c[r.Verb] = map[string]int{}
	}
	c[r.Verb][r.Resource]++
}

func (c Counts) clone() Counts {
	copied := Counts{}
	for verb, resources := range c {
		copied[verb] = maps.Clone(resources)
	}
	return copied
}

// Write is an entry of the log of writes.
type Write struct {
	Seq       int      `json:"seq"`
	Verb      string   `json:"verb"`
	Resource  string   `json:"resource"`
	Namespace string   `json:"namespace,omitempty"`
	Name      string   `json:"name,omitempty"`
	Forwarded bool     `json:"forwarded"` // it was sent to the server
	Code      int      `json:"code"`      // the server's answer; 0 if there was none
	Answered  bool     `json:"answered"`  // the client was sent an answer
	Answer    int      `json:"answer"`    // the one that the client was sent; 0 if none
	Rules     []string `json:"rules,omitempty"`
}

type records struct {
	requests, writes Counts
	log              []*Write
}

func newRecords() records { return records{requests: Counts{}, writes: Counts{}} }

// add counts a request. The entry is one of the log if the request is a write.
func (r *records) add(request Request) *Write {
	r.requests.add(request)
	entry := &Write{Verb: request.Verb, Resource: request.Resource, Namespace: request.Namespace, Name: request.Name}
	if request.isWrite() {
		r.writes.add(request)
		r.log = append(r.log, entry)
		entry.Seq = len(r.log)
	}
	return entry
}

// Report is all there is to know about a lane.
type Report struct {
	ID          string       `json:"id"`
	URL         string       `json:"url"`
	Frozen      bool         `json:"frozen"`
	Held        int          `json:"held"` // requests that wait for a release
	Refusing    bool         `json:"refusing"`
	Connections int          `json:"connections"`
	Requests    Counts       `json:"requests"`
	Writes      Counts       `json:"writes"`
	Log         []Write      `json:"log"`
	Rules       []activeRule `json:"rules"`
	Unfired     []string     `json:"unfired"`
	Watches     []Watch      `json:"watches"`
}

// Watch is an open one.
type Watch struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace,omitempty"`
	Delivered int    `json:"delivered"` // events that the client was sent
	Queued    int    `json:"queued"`    // events that are held or delayed
}

// Report describes the lane as it is now.
func (l *Lane) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	report := Report{
		ID: l.id, URL: l.url, Frozen: l.frozen, Held: l.held,
		Requests: l.records.requests.clone(), Writes: l.records.writes.clone(),
		Log: []Write{}, Rules: []activeRule{}, Unfired: []string{}, Watches: []Watch{},
	}
	report.Connections, report.Refusing = l.connections.state()
	for _, entry := range l.records.log {
		report.Log = append(report.Log, *entry)
	}
	for _, rule := range append(append([]*activeRule{}, l.retired...), l.rules...) {
		report.Rules = append(report.Rules, *rule)
		if rule.Fired == 0 && rule.mustFire() {
			report.Unfired = append(report.Unfired, rule.Name)
		}
	}
	for s := range l.streams {
		report.Watches = append(report.Watches, s.describe())
	}
	return report
}
