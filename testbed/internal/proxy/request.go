package proxy

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is what a request asks of the API server, in the words of RBAC.
type Request struct {
	Verb      string
	Group     string
	Resource  string // with its subresource: "rayclusters/status"; "" for paths like /version
	Namespace string
	Name      string
	DryRun    bool
}

var writingVerbs = []string{"create", "update", "patch", "delete", "deletecollection"}

// changes says whether something may be stored.
func (r Request) changes() bool {
	return slices.Contains(writingVerbs, r.Verb) && r.Resource != "" && !r.DryRun
}

// bookkeeping is what an operator writes besides its work (leases and Events), and what is created
// in order to ask a question.
func (r Request) bookkeeping() bool {
	switch r.Group {
	case "authentication.k8s.io", "authorization.k8s.io":
		return true
	}
	return r.Resource == "leases" || r.Resource == "events" || r.Resource == "serviceaccounts/token"
}

// isWrite says whether the request is one of those that are counted and logged as writes.
func (r Request) isWrite() bool { return r.changes() && !r.bookkeeping() }

// parseRequest follows RequestInfoFactory of k8s.io/apiserver, which would bring the whole of
// that module along.
func parseRequest(method string, u *url.URL, body []byte) Request {
	query := u.Query()
	r := Request{Verb: verbOf(method), DryRun: query.Has("dryRun")}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case len(segments) > 2 && segments[0] == "api":
		segments = segments[2:]
	case len(segments) > 3 && segments[0] == "apis":
		r.Group, segments = segments[1], segments[3:]
	default:
		return r
	}
	if segments[0] == "watch" && len(segments) > 1 { // an old form of ?watch=true
		r.Verb, segments = "watch", segments[1:]
	}
	if segments[0] == "namespaces" && len(segments) > 1 {
		r.Namespace = segments[1]
		if len(segments) > 2 && segments[2] != "status" && segments[2] != "finalize" {
			segments = segments[2:]
		}
	}
	r.Resource = segments[0]
	if len(segments) > 1 {
		r.Name = segments[1]
	}
	if len(segments) > 2 {
		r.Resource += "/" + segments[2]
	}
	if r.Name == "" {
		r.ofCollection(query, body)
	}
	return r
}

// ofCollection completes a request whose path names no object.
func (r *Request) ofCollection(query url.Values, body []byte) {
	switch r.Verb {
	case "create":
		r.Name = nameIn(body)
		return
	case "get":
		r.Verb = "list"
		if watch := query.Get("watch"); watch == "true" || watch == "1" {
			r.Verb = "watch"
		}
	case "delete":
		r.Verb = "deletecollection"
	}
	for selector := range strings.SplitSeq(query.Get("fieldSelector"), ",") {
		if name, ok := strings.CutPrefix(selector, "metadata.name="); ok {
			r.Name = strings.TrimPrefix(name, "=")
		}
	}
}

func verbOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead:
		return "get"
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	default: // PATCH, DELETE, and what Kubernetes doesn't know
		return strings.ToLower(method)
	}
}
