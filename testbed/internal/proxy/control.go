package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// How long a wait lasts if the caller doesn't say.
const defaultWait = 30 * time.Second

// Control is the HTTP API by which tests drive the proxy.
func (p *Proxy) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, struct{}{}) })
	mux.HandleFunc("GET /lanes", p.listLanes)
	mux.HandleFunc("POST /lanes", p.createLane)
	mux.HandleFunc("GET /lanes/{id}", p.onLane(func(w http.ResponseWriter, _ *http.Request, l *Lane) {
		reply(w, http.StatusOK, l.Report())
	}))
	mux.HandleFunc("DELETE /lanes/{id}", p.onLane(func(w http.ResponseWriter, _ *http.Request, l *Lane) {
		p.RemoveLane(l.id)
		reply(w, http.StatusOK, l.Report())
	}))
	mux.HandleFunc("PUT /lanes/{id}/rules", p.onLane(putRules))
	mux.HandleFunc("POST /lanes/{id}/cut", p.onLane(cutLane))
	mux.HandleFunc("POST /lanes/{id}/accept", p.onLane(func(w http.ResponseWriter, _ *http.Request, l *Lane) {
		l.Accept()
		reply(w, http.StatusOK, struct{}{})
	}))
	mux.HandleFunc("POST /lanes/{id}/release", p.onLane(func(w http.ResponseWriter, _ *http.Request, l *Lane) {
		l.Release()
		reply(w, http.StatusOK, struct{}{})
	}))
	mux.HandleFunc("GET /lanes/{id}/wait", p.onLane(waitLane))
	return mux
}

// LaneAddress says where a lane is.
type LaneAddress struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

func (p *Proxy) listLanes(w http.ResponseWriter, _ *http.Request) {
	addresses := []LaneAddress{}
	for _, l := range p.Lanes() {
		addresses = append(addresses, LaneAddress{l.id, l.url})
	}
	reply(w, http.StatusOK, addresses)
}

func (p *Proxy) createLane(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		HTTP1 bool `json:"http1"`
	}
	if !decode(w, r, &wanted) {
		return
	}
	l, err := p.AddLane(LaneOptions{HTTP1: wanted.HTTP1})
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	reply(w, http.StatusCreated, LaneAddress{l.id, l.url})
}

func (p *Proxy) onLane(handle func(http.ResponseWriter, *http.Request, *Lane)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := p.Lane(r.PathValue("id"))
		if l == nil {
			fail(w, http.StatusNotFound, fmt.Errorf("no lane %q", r.PathValue("id")))
			return
		}
		handle(w, r, l)
	}
}

func putRules(w http.ResponseWriter, r *http.Request, l *Lane) {
	var rules []Rule
	if !decode(w, r, &rules) {
		return
	}
	if err := l.SetRules(rules); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	reply(w, http.StatusOK, l.Report())
}

func cutLane(w http.ResponseWriter, r *http.Request, l *Lane) {
	var how struct {
		Refuse bool `json:"refuse"`
	}
	if !decode(w, r, &how) {
		return
	}
	l.CutAll(how.Refuse)
	reply(w, http.StatusOK, struct{}{})
}

// waitLane answers 200 when it has come, 504 when it hasn't.
func waitLane(w http.ResponseWriter, r *http.Request, l *Lane) {
	query := r.URL.Query()
	limit := defaultWait
	if given := query.Get("timeout"); given != "" {
		var err error
		if limit, err = time.ParseDuration(given); err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	defer cancel()
	var what string
	var err error
	switch rule := query.Get("fired"); {
	case rule != "":
		times, parseErr := number(query.Get("times"), 1)
		if parseErr != nil {
			fail(w, http.StatusBadRequest, parseErr)
			return
		}
		if !l.hasRule(rule) {
			fail(w, http.StatusNotFound, fmt.Errorf("no rule %q", rule))
			return
		}
		what, err = fmt.Sprintf("the rule %q to fire", rule), l.WaitFired(ctx, rule, times)
	case query.Has("writes"):
		writes, parseErr := number(query.Get("writes"), 0)
		if parseErr != nil {
			fail(w, http.StatusBadRequest, parseErr)
			return
		}
		what, err = fmt.Sprintf("%d writes", writes), l.WaitWrites(ctx, writes)
	default:
		fail(w, http.StatusBadRequest, errors.New("wait for fired=RULE or for writes=N"))
		return
	}
	if err != nil {
		fail(w, http.StatusGatewayTimeout, fmt.Errorf("waited %s in vain for %s", limit, what))
		return
	}
	reply(w, http.StatusOK, l.Report())
}

func (l *Lane) hasRule(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ruleLocked(name) != nil
}

func number(given string, otherwise int) (int, error) {
	if given == "" {
		return otherwise, nil
	}
	return strconv.Atoi(given)
}

// decode reads a body, which may be absent. Unknown fields are mistakes: a misspelt rule would
// never fire.
func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil && err != io.EOF {
		fail(w, http.StatusBadRequest, err)
		return false
	}
	return true
}

func reply(w http.ResponseWriter, code int, content any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(content)
}

func fail(w http.ResponseWriter, code int, err error) {
	reply(w, code, map[string]string{"error": err.Error()})
}
