package proxy

import (
	"io"
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
	ending    bool // an event that ends the watch was queued
}

// queued is an event on its way to the client. Those behind a held one wait too: the API server
// never changes their order.
type queued struct {
	wire  []byte
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

// source gives the next event of a watch: as JSON, and as it is on the wire.
type source func() (event, wire []byte, err error)

// read takes events from the server until there are no more.
func (s *stream) read(l *Lane, next source) {
	for {
		event, wire, err := next()
		if len(wire) > 0 {
			s.arrived(l, event, wire)
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

// arrived queues an event. Those behind one that ends the watch are as if they had not come: nobody
// hears of them, and no rule counts them.
func (s *stream) arrived(l *Lane, event, wire []byte) {
	if s.endsSoon() {
		return
	}
	fate := l.judge(s.watch, event)
	if fate.drop {
		return
	}
	next := queued{wire: wire, due: time.Now().Add(fate.delay), held: fate.hold, after: fate.after}
	s.mu.Lock()
	s.queue = append(s.queue, next)
	s.ending = next.after != nil
	s.mu.Unlock()
	s.wake()
}

func (s *stream) endsSoon() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ending
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

// sink is the client's end of a watch.
type sink interface {
	send(wire []byte) error
	encode(event []byte) []byte
	gone() <-chan struct{} // closed when the client has left
	end(how string)        // Clean, Stream or Connection; may not return
}

// relay hands the events of a watch to the client, one by one, until it ends.
func (l *Lane) relay(s *stream, to sink) {
	for {
		if rule := l.toEnd(s.watch); rule != nil {
			l.endWatch(rule, to)
			return
		}
		event, wait, end := s.next(time.Now())
		switch {
		case event != nil:
			if to.send(event.wire) != nil {
				to.end(Stream)
				return
			}
			if event.after != nil {
				l.endWatch(event.after, to)
				return
			}
		case end == io.EOF:
			to.end(Clean)
			return
		case end != nil:
			to.end(Connection)
			return
		case !s.pause(wait, to.gone()):
			to.end(Stream)
			return
		}
	}
}

// pause waits for a sign, or until the first event is due. It returns false if the client leaves.
func (s *stream) pause(wait time.Duration, gone <-chan struct{}) bool {
	var timer <-chan time.Time
	if wait > 0 {
		timer = time.After(wait)
	}
	select {
	case <-s.signal:
	case <-timer:
	case <-gone:
		return false
	}
	return true
}

func (l *Lane) endWatch(rule *activeRule, to sink) {
	how := Clean
	if rule.Action.Type == Gone {
		_ = to.send(to.encode(goneEvent()))
	} else {
		how = rule.Action.Cut
	}
	l.fired(rule)
	to.end(how)
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
