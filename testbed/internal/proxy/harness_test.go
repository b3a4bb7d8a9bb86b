package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// upstream plays the API server: it stores what is posted, and its watches show what it is told.
type upstream struct {
	*httptest.Server
	events chan string
	drop   chan struct{} // ends watches without an orderly end
	slow   chan struct{} // what is named so is stored when it is closed

	mu     sync.Mutex
	stored []string
	protos []string
	left   int // watches that ended because their client left
}

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{events: make(chan string, 100), drop: make(chan struct{})}
	u.Server = httptest.NewUnstartedServer(u)
	u.EnableHTTP2 = true
	u.StartTLS()
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	u.protos = append(u.protos, r.Proto)
	u.mu.Unlock()
	switch {
	case r.Header.Get("Upgrade") != "":
		u.socket(w)
		return
	case r.URL.Query().Get("watch") == "true":
		u.watch(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	body, _ := io.ReadAll(r.Body)
	if r.Method == http.MethodGet {
		_, _ = io.WriteString(w, `{"authorization":"`+r.Header.Get("Authorization")+`"}`)
		return
	}
	if nameIn(body) == "slow" && u.slow != nil {
		<-u.slow
	}
	u.mu.Lock()
	u.stored = append(u.stored, r.Method+" "+nameIn(body))
	u.mu.Unlock()
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(body)
}

func (u *upstream) watch(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case event, more := <-u.events:
			if !more {
				return
			}
			_, _ = io.WriteString(w, event+"\n")
			_ = http.NewResponseController(w).Flush()
		case <-u.drop:
			panic(http.ErrAbortHandler)
		case <-r.Context().Done():
			u.leave()
			return
		}
	}
}

// socket shows the events in a WebSocket, of which this is all that matters here.
func (u *upstream) socket(w http.ResponseWriter) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	_ = buffered.Flush()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, buffered)
	}()
	for {
		select {
		case event, more := <-u.events:
			if !more {
				_, _ = conn.Write(closeFrame())
				return
			}
			_, _ = conn.Write(newFrame(opText, []byte(event)))
		case <-u.drop:
			return
		case <-closed:
			u.leave()
			return
		}
	}
}

func (u *upstream) leave() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.left++
}

// awaitLeft waits until so many watches have ended for want of a client. One that has
// not ended yet may take the event that is meant for the next.
func (u *upstream) awaitLeft(t *testing.T, watches int) {
	t.Helper()
	eventually(t, "the server sees the client leave", func() bool {
		u.mu.Lock()
		defer u.mu.Unlock()
		return u.left == watches
	})
}

func (u *upstream) seen() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return strings.Join(u.stored, ", ")
}

// client is one of a lane.
type client struct {
	*testing.T
	http *http.Client
	lane *Lane
	ctx  context.Context
	kill context.CancelFunc
}

func newProxy(t *testing.T, u *upstream) *Proxy {
	t.Helper()
	server, err := url.Parse(u.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := New(Options{Server: server, Roots: roots(u), Certificate: u.TLS.Certificates[0]})
	t.Cleanup(p.Close)
	return p
}

func roots(u *upstream) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(u.Certificate())
	return pool
}

func newClient(t *testing.T, u *upstream, p *Proxy, http2 bool, rules ...Rule) *client {
	t.Helper()
	lane, err := p.AddLane(LaneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(t, u, lane, http2)
	c.rules(rules...)
	return c
}

func clientOf(t *testing.T, u *upstream, lane *Lane, http2 bool) *client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots(u)}, Protocols: protocols(http2, !http2)}
	ctx, kill := context.WithCancel(t.Context())
	t.Cleanup(func() { kill(); transport.CloseIdleConnections() })
	return &client{t, &http.Client{Transport: transport}, lane, ctx, kill}
}

func (c *client) rules(rules ...Rule) {
	c.Helper()
	if err := c.lane.SetRules(rules); err != nil {
		c.Fatal(err)
	}
}

// outcome is an answer, or what came in its place.
type outcome struct {
	code   int
	header http.Header
	body   string
	err    error
}

func (c *client) do(method, path, body string) outcome {
	request, err := http.NewRequestWithContext(c.ctx, method, c.lane.URL()+path, strings.NewReader(body))
	if err != nil {
		return outcome{err: err}
	}
	request.Header.Set("Authorization", "Bearer secret")
	response, err := c.http.Do(request)
	if err != nil {
		return outcome{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return outcome{response.StatusCode, response.Header, string(content), err}
}

const podsPath = "/api/v1/namespaces/n/pods"

func (c *client) create(name string) outcome {
	return c.do(http.MethodPost, podsPath, fmt.Sprintf(`{"metadata":{"name":%q}}`, name))
}

// inBackground makes a call whose outcome comes later.
func inBackground[T any](call func() T) <-chan T {
	result := make(chan T, 1)
	go func() { result <- call() }()
	return result
}

// nothingFrom fails the test when something comes that should be held.
func nothingFrom[T any](t *testing.T, results <-chan T) {
	t.Helper()
	select {
	case result := <-results:
		t.Errorf("it came early: %+v", result)
	case <-time.After(100 * time.Millisecond):
	}
}

func soon[T any](t *testing.T, results <-chan T) T {
	t.Helper()
	select {
	case result := <-results:
		return result
	case <-time.After(time.Minute):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func (c *client) awaitFired(rule string) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
	defer cancel()
	if err := c.lane.WaitFired(ctx, rule, 1); err != nil {
		c.Fatalf("the rule %s did not fire: %+v", rule, c.lane.Report())
	}
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// onBoth runs a test with HTTP/1.1 and with HTTP/2.
func onBoth(t *testing.T, test func(t *testing.T, http2 bool)) {
	for name, http2 := range map[string]bool{"HTTP1": false, "HTTP2": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, http2)
		})
	}
}
