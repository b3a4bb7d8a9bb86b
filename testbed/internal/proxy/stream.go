package proxy

import (
	"bufio"
	"io"
	"net/http"
	"sync"
	"time"
)

// stream is an open watch: one goroutine reads events from the server, always, so that a held
// watch doesn't clog the connection that others share; another hands them to the client in order.
type stream struct {
	watch  Request
	signal chan struct{}

	mu        sync.Mutex
	queue     []queued
	end       error // io.EOF for an orderly one
	delivered int
}

// queued is an event on its way to the client. Those behind a held one wait too: the API server
// never changes their order.
type queued struct {
	line  []byte
	due   time.Time
	held  bool
	after *activeRule // ends the watch when the event was delivered
}

func newStream(watch Request) *stream {
	return &stream{watch: watch, signal: make(chan struct{}, 1)}
}

func (s *stream) wake() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

// read takes events from the server until there are no more.
func (s *stream) read(l *Lane, body io.Reader) {
	reader := bufio.NewReader(body)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			s.arrived(l, line)
		}
		if err != nil {
			s.mu.Lock()
			s.end = err
			s.mu.Unlock()
			s.wake()
			return
		}
	}
}

func (s *stream) arrived(l *Lane, line []byte) {
	fate := l.judge(s.watch, line)
	if fate.drop {
		return
	}
	next := queued{line: line, due: time.Now().Add(fate.delay), held: fate.hold, after: fate.after}
	s.mu.Lock()
	s.queue = append(s.queue, next)
	s.mu.Unlock()
	s.wake()
}

// next returns the event to deliver now. If there is none, it says how long to wait for the
// first one (0: until something happens), and how the stream has ended (nil: it hasn't).
func (s *stream) next(now time.Time) (event *queued, wait time.Duration, end error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, 0, s.end
	}
	first := s.queue[0]
	if first.held {
		return nil, 0, nil
	}
	if wait := first.due.Sub(now); wait > 0 {
		return nil, wait, nil
	}
	s.queue = s.queue[1:]
	s.delivered++
	return &first, 0, nil
}

func (s *stream) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.queue {
		s.queue[i].held = false
	}
	s.wake()
}

func (s *stream) describe() Watch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Watch{Resource: s.watch.Resource, Namespace: s.watch.Namespace, Delivered: s.delivered, Queued: len(s.queue)}
}

// fate is what becomes of an event.
type fate struct {
	drop, hold bool
	delay      time.Duration
	after      *activeRule
}

func (l *Lane) judge(watch Request, line []byte) fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	var f fate
	var e event
	parsed := false
	for _, rule := range l.rules {
		if !rule.ofEvents() || rule.spent || rule.endsAtOnce() {
			continue
		}
		if !parsed {
			e, parsed = parseEvent(line), true
		}
		if !rule.Match.coversEvent(watch, e) || !rule.due() {
			continue
		}
		switch rule.Action.Type {
		case DropEvents:
			f.drop = true
		case HoldEvents:
			f.hold = true
		case DelayEvents:
			f.delay = max(f.delay, rule.delay())
		case BreakWatch, Gone:
			f.after = rule
			continue // it fires when the event was delivered
		}
		rule.Fired++
		l.changedLocked()
	}
	return f
}

// endsAtOnce says whether a rule ends watches without waiting for an event.
func (a *activeRule) endsAtOnce() bool {
	return (a.Action.Type == BreakWatch || a.Action.Type == Gone) &&
		a.Match.Nth == 0 && a.Match.Type == "" && a.Match.Name == ""
}

// toEnd finds a rule that ends the watch as it is.
func (l *Lane) toEnd(watch Request) *activeRule {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, rule := range l.rules {
		if rule.endsAtOnce() && rule.chosen < rule.Match.Count && rule.Match.coversWatch(watch) {
			rule.Seen++
			rule.chosen++
			return rule
		}
	}
	return nil
}

func (l *Lane) addStream(s *stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams[s] = struct{}{}
	l.changedLocked()
}

func (l *Lane) removeStream(s *stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.streams, s)
	l.changedLocked()
}

// watch hands the events of a watch to the client, one by one.
func (x *exchange) watch(response *http.Response) {
	if x.apply(AfterCommit) {
		return
	}
	copyHeader(x.w.Header(), response.Header)
	x.w.WriteHeader(response.StatusCode)
	if http.NewResponseController(x.w).Flush() != nil {
		panic(http.ErrAbortHandler)
	}
	s := newStream(x.request)
	x.lane.addStream(s)
	defer x.lane.removeStream(s)
	go s.read(x.lane, response.Body)
	for {
		if rule := x.lane.toEnd(s.watch); rule != nil {
			x.endWatch(rule)
			return
		}
		event, wait, end := s.next(time.Now())
		switch {
		case event != nil:
			x.send(event.line)
			if event.after != nil {
				x.endWatch(event.after)
				return
			}
			continue
		case end == io.EOF:
			return
		case end != nil:
			x.abort(Connection)
		}
		x.pause(s, wait)
	}
}

// pause waits for a sign of the stream, or for the time at which its first event is due.
func (x *exchange) pause(s *stream, wait time.Duration) {
	var timer <-chan time.Time
	if wait > 0 {
		timer = time.After(wait)
	}
	select {
	case <-s.signal:
	case <-timer:
	case <-x.ctx().Done():
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) send(line []byte) {
	_, err := x.w.Write(line)
	if err == nil {
		err = http.NewResponseController(x.w).Flush()
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) endWatch(rule *activeRule) {
	if rule.Action.Type == Gone {
		x.send(goneEvent())
	}
	x.lane.fired(rule)
	if rule.Action.Type == BreakWatch && rule.Action.Cut != Clean {
		x.abort(rule.Action.Cut)
	}
}
