package proxy

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func podEvent(kind, name string) string {
	return fmt.Sprintf(`{"type":%q,"object":{"metadata":{"name":%q,"namespace":"n"}}}`, kind, name)
}

// watching is an open watch as its client sees it.
type watching struct {
	*testing.T
	lines chan string
	end   chan error // nil for an orderly end
}

func (c *client) watch() *watching {
	c.Helper()
	request, err := http.NewRequestWithContext(c.ctx, http.MethodGet, c.lane.URL()+podsPath+"?watch=true", nil)
	if err != nil {
		c.Fatal(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	w := &watching{c.T, make(chan string, 100), make(chan error, 1)}
	go func() {
		defer func() { _ = response.Body.Close() }()
		scanner := bufio.NewScanner(response.Body)
		for scanner.Scan() {
			w.lines <- scanner.Text()
		}
		w.end <- scanner.Err()
	}()
	return w
}

// watches are the ways to watch.
var watches = map[string]func(c *client) *watching{
	"lines":     (*client).watch,
	"WebSocket": (*client).watchBySocket,
}

// onAll runs a test with all ways to watch.
func onAll(t *testing.T, test func(t *testing.T, http2 bool, watch func(c *client) *watching)) {
	onBoth(t, func(t *testing.T, http2 bool) {
		for name, watch := range watches {
			if name == "WebSocket" && http2 {
				continue // it is a thing of HTTP/1.1
			}
			t.Run(name, func(t *testing.T) { test(t, http2, watch) })
		}
	})
}

// sees expects the names of these objects next.
func (w *watching) sees(names ...string) {
	w.Helper()
	for _, name := range names {
		if line := soon(w.T, w.lines); parseEvent([]byte(line)).name() != name {
			w.Errorf("%s came, not %s", line, name)
		}
	}
}

func (w *watching) endsInOrder(inOrder bool) {
	w.Helper()
	if err := soon(w.T, w.end); (err == nil) != inOrder {
		w.Errorf("the watch ended: %v", err)
	}
}

func TestWatchIsPassedOnEventByEvent(t *testing.T) {
	onAll(t, func(t *testing.T, http2 bool, watch func(c *client) *watching) {
		u := newUpstream(t)
		w := watch(newClient(t, u, newProxy(t, u), http2))
		for _, name := range []string{"a", "b"} {
			u.events <- podEvent("ADDED", name)
			w.sees(name)
		}
		close(u.events)
		w.endsInOrder(true)
	})
}

func TestAWatchThatTheServerCutsIsCut(t *testing.T) {
	onAll(t, func(t *testing.T, http2 bool, watch func(c *client) *watching) {
		u := newUpstream(t)
		w := watch(newClient(t, u, newProxy(t, u), http2))
		u.events <- podEvent("ADDED", "a")
		w.sees("a")
		close(u.drop)
		w.endsInOrder(false)
	})
}

func TestHoldEvents(t *testing.T) {
	onAll(t, func(t *testing.T, http2 bool, watch func(c *client) *watching) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2)
		w := watch(c)
		u.events <- podEvent("ADDED", "a")
		w.sees("a")
		// Also when the watch is older than the rule, and with what comes behind.
		c.rules(Rule{Name: "r", Match: Match{Resource: "pods", Name: "b"}, Action: Action{Type: HoldEvents}})
		for _, name := range []string{"z", "b", "c"} {
			u.events <- podEvent("ADDED", name)
		}
		w.sees("z")
		c.awaitFired("r")
		nothingFrom(t, w.lines)
		if got := c.create("d"); got.code != 201 {
			t.Errorf("a write meanwhile: %+v", got)
		}
		c.lane.Release()
		w.sees("b", "c")
		u.events <- podEvent("MODIFIED", "b")
		w.sees("b")
	})
}

func TestDropEvents(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true,
		Rule{Match: Match{Type: "DELETED", Count: 1}, Action: Action{Type: DropEvents}})
	w := c.watch()
	u.events <- podEvent("ADDED", "a")
	u.events <- podEvent("DELETED", "a")
	u.events <- podEvent("ADDED", "b")
	u.events <- podEvent("DELETED", "c")
	w.sees("a", "b", "c")
	if report := c.lane.Report(); report.Rules[0].Fired != 1 || report.Rules[0].Seen != 2 {
		t.Errorf("%+v", report.Rules)
	}
}

func TestDelayEvents(t *testing.T) {
	const delay = 200 * time.Millisecond
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true,
		Rule{Match: Match{Name: "slow"}, Action: Action{Type: DelayEvents, Ms: int(delay.Milliseconds())}})
	w := c.watch()
	start := time.Now()
	u.events <- podEvent("ADDED", "slow")
	u.events <- podEvent("ADDED", "behind")
	w.sees("slow", "behind")
	if took := time.Since(start); took < delay {
		t.Errorf("it took %s", took)
	}
}

func TestBreakWatch(t *testing.T) {
	for _, how := range []string{Clean, Stream, Connection} {
		t.Run(how, func(t *testing.T) {
			onAll(t, func(t *testing.T, http2 bool, watch func(c *client) *watching) {
				u := newUpstream(t)
				c := newClient(t, u, newProxy(t, u), http2,
					Rule{Name: "r", Match: Match{Resource: "pods", Nth: 2}, Action: Action{Type: BreakWatch, Cut: how}})
				w := watch(c)
				u.events <- podEvent("ADDED", "a")
				u.events <- podEvent("ADDED", "b")
				if how == Clean {
					w.sees("a", "b")
				}
				w.endsInOrder(how == Clean)
				c.awaitFired("r")
				u.awaitLeft(t, 1)
				again := watch(c)
				u.events <- podEvent("ADDED", "c")
				again.sees("c")
			})
		})
	}
}

func TestNoRuleCountsWhatComesAfterTheEndOfAWatch(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true,
		Rule{Name: "first", Match: Match{Resource: "pods", Nth: 1}, Action: Action{Type: BreakWatch}},
		Rule{Name: "second", Match: Match{Resource: "pods", Nth: 2}, Action: Action{Type: BreakWatch}})
	watch := Request{Verb: "watch", Resource: "pods"}
	burst := newStream(watch)
	for _, name := range []string{"a", "b", "c"} {
		event := []byte(podEvent("ADDED", name))
		burst.arrived(c.lane, event, event)
	}
	if len(burst.queue) != 1 {
		t.Errorf("%d events are to be delivered", len(burst.queue))
	}
	event := []byte(podEvent("ADDED", "b"))
	again := newStream(watch)
	again.arrived(c.lane, event, event)
	if after := again.queue[0].after; after == nil || after.Name != "second" {
		t.Errorf("the second rule is not due: %v", after)
	}
}

func TestBreakWatchAtOnce(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true)
	first := c.watch()
	u.events <- podEvent("ADDED", "a")
	first.sees("a")
	c.rules(Rule{Match: Match{Resource: "services"}, Action: Action{Type: BreakWatch}},
		Rule{Match: Match{Resource: "pods", Count: 2}, Action: Action{Type: BreakWatch}})
	first.endsInOrder(true)
	c.watch().endsInOrder(true) // the second of two
	u.awaitLeft(t, 2)
	third := c.watch()
	u.events <- podEvent("ADDED", "b")
	third.sees("b")
	if unfired := c.lane.Report().Unfired; len(unfired) != 1 || unfired[0] != "rule-1" {
		t.Errorf("unfired: %v", unfired)
	}
}

func TestGone(t *testing.T) {
	onAll(t, func(t *testing.T, http2 bool, watch func(c *client) *watching) {
		u := newUpstream(t)
		w := watch(newClient(t, u, newProxy(t, u), http2,
			Rule{Match: Match{Resource: "pods", Nth: 1}, Action: Action{Type: Gone}}))
		u.events <- podEvent("ADDED", "a")
		w.sees("a")
		if line := soon(t, w.lines); !strings.Contains(line, `"type":"ERROR"`) || !strings.Contains(line, `"reason":"Expired"`) || !strings.Contains(line, `"code":410`) {
			t.Error(line)
		}
		w.endsInOrder(true)
	})
}

func TestARefusedWatch(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true,
		Rule{Match: Match{Verb: "watch", Resource: "pods", Nth: 1}, Action: Action{Type: Respond, Code: 410}})
	if got := c.do(http.MethodGet, podsPath+"?watch=true", ""); got.code != 410 || !strings.Contains(got.body, `"reason":"Expired"`) {
		t.Errorf("%+v", got)
	}
	w := c.watch()
	u.events <- podEvent("ADDED", "a")
	w.sees("a")
}

func TestAHeldWatchDoesNotClogItsConnection(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true,
		Rule{Name: "r", Match: Match{Type: "ADDED"}, Action: Action{Type: HoldEvents}})
	w := c.watch()
	const events, size = 50, 200 << 10 // more than a connection's window
	go func() {
		for range events {
			u.events <- `{"type":"ADDED","object":{"metadata":{"name":"a"},"data":"` + strings.Repeat("x", size) + `"}}`
		}
	}()
	eventually(t, "all events are held", func() bool {
		watches := c.lane.Report().Watches
		return len(watches) == 1 && watches[0].Queued == events
	})
	if got := c.create("a"); got.code != 201 {
		t.Errorf("%+v", got)
	}
	nothingFrom(t, w.lines)
}
