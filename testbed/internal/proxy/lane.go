package proxy

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// As many as the API server allows.
const streamsPerConnection = 100

// Lane is a port that leads to the API server. Hundreds of them are no burden.
type Lane struct {
	id, url     string
	upstream    *url.URL
	transports  map[int]*http.Transport // by HTTP's major version: the client's goes on to the server
	connections *connections
	server      *http.Server
	ctx         context.Context // ends with the lane
	end         context.CancelFunc

	mu      sync.Mutex
	changed chan struct{} // closed, and made anew, whenever somebody may wait for what happened
	thawed  chan struct{} // closed by a release
	frozen  bool
	held    int // requests that wait for a release
	flying  int // writes that the server was sent, or will be, and has not answered
	rules   []*activeRule
	retired []*activeRule
	records records
	streams map[*stream]struct{}
}

func openLane(p Options, o LaneOptions) (*Lane, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)))
	if err != nil {
		return nil, err
	}
	l := &Lane{
		id:          o.ID,
		url:         "https://" + listener.Addr().String(),
		upstream:    p.Server,
		transports:  map[int]*http.Transport{1: transport(p, false), 2: transport(p, true)},
		connections: &connections{Listener: listener, open: map[*connection]struct{}{}},
		changed:     make(chan struct{}),
		thawed:      make(chan struct{}),
		records:     newRecords(),
		streams:     map[*stream]struct{}{},
	}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.server = &http.Server{
		Handler:     l,
		TLSConfig:   &tls.Config{Certificates: []tls.Certificate{p.Certificate}},
		BaseContext: func(net.Listener) context.Context { return l.ctx },
		ConnContext: withConnection,
		Protocols:   protocols(!o.HTTP1, true),
		HTTP2:       &http.HTTP2Config{MaxConcurrentStreams: streamsPerConnection},
		ErrorLog:    log.New(io.Discard, "", 0), // of connections that end early, which is the purpose
	}
	go func() { _ = l.server.ServeTLS(l.connections, "", "") }()
	return l, nil
}

func transport(p Options, http2 bool) *http.Transport {
	return &http.Transport{
		Proxy:               nil, // whatever the environment says: this server is near
		TLSClientConfig:     &tls.Config{RootCAs: p.Roots},
		Protocols:           protocols(http2, !http2),
		DisableCompression:  true, // it is the client's business
		MaxIdleConnsPerHost: 64,   // as many as a client may have at once, lest it pays for handshakes
	}
}

func protocols(http2, http1 bool) *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP2(http2)
	p.SetHTTP1(http1)
	return p
}

// ID names the lane in the control API.
func (l *Lane) ID() string { return l.id }

// URL is where the lane's clients find the API server.
func (l *Lane) URL() string { return l.url }

func (l *Lane) close() {
	l.connections.setRefuse(true)
	l.connections.cutAll()
	l.end()
	_ = l.server.Close()
	for _, t := range l.transports {
		t.CloseIdleConnections()
	}
}

// CutAll cuts all connections at once; with refuse, new ones too until Accept. Requests that are
// held belong to somebody who is gone then: they never reach the server.
func (l *Lane) CutAll(refuse bool) {
	if refuse {
		l.connections.setRefuse(true)
	}
	l.connections.cutAll()
}

// Accept undoes the refusal of connections.
func (l *Lane) Accept() { l.connections.setRefuse(false) }

// Release lets go of everything that is held: requests, events, the lane as a whole.
func (l *Lane) Release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.thawLocked()
	for _, rule := range l.rules {
		if rule.Action.Type == HoldEvents {
			rule.spent = true
		}
	}
	for s := range l.streams {
		s.release()
	}
	l.changedLocked()
}

func (l *Lane) thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.thawLocked()
	l.changedLocked()
}

func (l *Lane) thawLocked() {
	l.frozen = false
	close(l.thawed)
	l.thawed = make(chan struct{})
}

// admit waits until the lane isn't frozen, and counts the request. It returns false when the
// client left in the meantime.
func (l *Lane) admit(x *exchange) bool {
	for {
		l.mu.Lock()
		if !present(x.ctx()) {
			l.mu.Unlock()
			return false
		}
		if !l.frozen {
			x.plan = l.planLocked(x.request)
			x.entry = l.records.add(x.request)
			if x.request.changes() && x.plan[Before] == nil {
				x.flying = true
				l.flying++
			}
			l.frozen = x.plan.freezes()
			l.changedLocked()
			l.mu.Unlock()
			return true
		}
		thawed := l.thawed
		l.mu.Unlock()
		l.await(x.ctx(), thawed)
	}
}

// landed says that the server has answered a request, or never will.
func (l *Lane) landed(x *exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.flying {
		x.flying = false
		l.flying--
		l.changedLocked()
	}
}

// quiet waits for the answers to all writes that were let through before the lane was frozen:
// whoever is told that it stands still finds in the server what will be there, and no more.
func (l *Lane) quiet(ctx context.Context) {
	_ = l.wait(ctx, func() bool { return !l.frozen || l.flying == 0 })
}

// hold waits for the next release; it returns false when the client left in the meantime.
func (l *Lane) hold(ctx context.Context, announce *activeRule) bool {
	l.mu.Lock()
	thawed := l.thawed
	l.mu.Unlock()
	l.quiet(ctx)
	l.fired(announce)
	l.await(ctx, thawed)
	return present(ctx)
}

func (l *Lane) await(ctx context.Context, thawed <-chan struct{}) {
	l.countHeld(1)
	defer l.countHeld(-1)
	select {
	case <-thawed:
	case <-ctx.Done():
	}
}

func (l *Lane) countHeld(by int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held += by
	l.changedLocked()
}

func (l *Lane) changedLocked() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// wait returns when the condition holds, which it evaluates under the lane's lock.
func (l *Lane) wait(ctx context.Context, condition func() bool) error {
	for {
		l.mu.Lock()
		done, changed := condition(), l.changed
		l.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
	}
}

// WaitFired returns when a rule has fired that many times.
func (l *Lane) WaitFired(ctx context.Context, rule string, times int) error {
	return l.wait(ctx, func() bool {
		r := l.ruleLocked(rule)
		return r != nil && r.Fired >= times
	})
}

// WaitWrites returns when that many writes were seen.
func (l *Lane) WaitWrites(ctx context.Context, writes int) error {
	return l.wait(ctx, func() bool { return len(l.records.log) >= writes })
}
