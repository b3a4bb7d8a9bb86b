package proxy

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

func nthWrite(n int, phase Phase, action Action) Rule {
	return Rule{Name: "r", Match: Match{Verb: "write", Nth: n}, Phase: phase, Action: action}
}

func TestPassesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2)
		if got := c.do(http.MethodGet, "/api/v1/pods", ""); got.code != 200 || got.body != `{"authorization":"Bearer secret"}` {
			t.Errorf("get: %+v", got)
		}
		if got := c.create("a"); got.code != 201 || !strings.Contains(got.body, `"a"`) {
			t.Errorf("create: %+v", got)
		}
		wanted := "HTTP/1.1"
		if http2 {
			wanted = "HTTP/2.0"
		}
		if u.protos[0] != wanted {
			t.Errorf("the server was asked by %s, the proxy by %s", u.protos[0], wanted)
		}
		report := c.lane.Report()
		if report.Requests["list"]["pods"] != 1 || report.Writes["create"]["pods"] != 1 {
			t.Errorf("counted %v", report.Requests)
		}
		if wanted := (Write{Seq: 1, Verb: "create", Resource: "pods", Namespace: "n", Name: "a", Forwarded: true, Code: 201, Answered: true, Answer: 201}); len(report.Log) != 1 || !sameWrite(report.Log[0], wanted) {
			t.Errorf("logged %+v", report.Log)
		}
	})
}

func sameWrite(a, b Write) bool {
	a.Rules, b.Rules = nil, nil
	return a.Seq == b.Seq && a.Verb == b.Verb && a.Resource == b.Resource && a.Namespace == b.Namespace && a.Name == b.Name &&
		a.Forwarded == b.Forwarded && a.Code == b.Code && a.Answered == b.Answered && a.Answer == b.Answer
}

func TestCut(t *testing.T) {
	for _, how := range []string{Connection, Stream} {
		for phase, stored := range map[Phase]string{Before: "POST a, POST c", AfterCommit: "POST a, POST b, POST c"} {
			t.Run(how+" "+string(phase), func(t *testing.T) {
				onBoth(t, func(t *testing.T, http2 bool) {
					u := newUpstream(t)
					c := newClient(t, u, newProxy(t, u), http2, nthWrite(2, phase, Action{Type: Cut, Cut: how}))
					if got := c.create("a"); got.code != 201 {
						t.Fatalf("a: %+v", got)
					}
					if got := c.create("b"); got.err == nil {
						t.Errorf("b was answered: %+v", got)
					}
					if got := c.create("c"); got.code != 201 {
						t.Errorf("c: %+v", got)
					}
					if u.seen() != stored {
						t.Errorf("stored %s", u.seen())
					}
					entry := c.lane.Report().Log[1]
					if entry.Answered || entry.Forwarded != (phase == AfterCommit) {
						t.Errorf("logged %+v", entry)
					}
				})
			})
		}
	}
}

func TestCutOfAStreamSparesItsNeighbours(t *testing.T) {
	for how, survives := range map[string]bool{Stream: true, Connection: false} {
		t.Run(how, func(t *testing.T) {
			u := newUpstream(t)
			c := newClient(t, u, newProxy(t, u), true,
				Rule{Name: "neighbour", Match: Match{Verb: "list"}, Action: Action{Type: Hold, Scope: "request"}},
				nthWrite(1, AfterCommit, Action{Type: Cut, Cut: how}))
			neighbour := inBackground(func() outcome { return c.do(http.MethodGet, "/api/v1/pods", "") })
			c.awaitFired("neighbour")
			if got := c.create("a"); got.err == nil {
				t.Errorf("a was answered: %+v", got)
			}
			if survives {
				nothingFrom(t, neighbour)
				c.lane.Release()
			}
			if got := soon(t, neighbour); (got.err == nil) != survives {
				t.Errorf("the neighbour got %+v", got)
			}
		})
	}
}

func TestHoldStopsTheLane(t *testing.T) {
	for phase, stored := range map[Phase]string{
		Before: "POST a", AfterCommit: "POST a, POST b", AfterAnswer: "POST a, POST b",
	} {
		t.Run(string(phase), func(t *testing.T) {
			onBoth(t, func(t *testing.T, http2 bool) {
				u := newUpstream(t)
				c := newClient(t, u, newProxy(t, u), http2, nthWrite(2, phase, Action{Type: Hold}))
				c.create("a")
				held := inBackground(func() outcome { return c.create("b") })
				c.awaitFired("r")
				if phase == AfterAnswer {
					if got := soon(t, held); got.code != 201 {
						t.Errorf("b: %+v", got)
					}
				} else {
					nothingFrom(t, held)
				}
				next := inBackground(func() outcome { return c.create("c") })
				nothingFrom(t, next)
				if u.seen() != stored {
					t.Errorf("stored %s", u.seen())
				}

				// The client dies. What is held dies with it, also when the lane goes on at once.
				c.kill()
				c.lane.CutAll(false)
				c.lane.Release()
				second := clientOf(t, u, c.lane, http2)
				if got := second.create("d"); got.code != 201 {
					t.Errorf("d: %+v", got)
				}
				if u.seen() != stored+", POST d" {
					t.Errorf("stored %s", u.seen())
				}
				if unfired := c.lane.Report().Unfired; len(unfired) > 0 {
					t.Errorf("unfired: %v", unfired)
				}
			})
		})
	}
}

func TestTheLaneStandsStillWhenEarlierWritesAreAnswered(t *testing.T) {
	u := newUpstream(t)
	u.slow = make(chan struct{})
	c := newClient(t, u, newProxy(t, u), true, nthWrite(2, Before, Action{Type: Hold}))
	first := inBackground(func() outcome { return c.create("slow") })
	eventually(t, "the first is on its way", func() bool { return len(c.lane.Report().Log) == 1 })
	second := inBackground(func() outcome { return c.create("b") })
	fired := inBackground(func() error { return c.lane.WaitFired(t.Context(), "r", 1) })
	nothingFrom(t, fired)
	close(u.slow)
	if err := soon(t, fired); err != nil || u.seen() != "POST slow" {
		t.Errorf("stored %s (%v)", u.seen(), err)
	}
	c.lane.Release()
	if a, b := soon(t, first), soon(t, second); a.code != 201 || b.code != 201 {
		t.Errorf("%+v, %+v", a, b)
	}
}

func TestHeldRequestsGoOnAfterARelease(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2, nthWrite(1, Before, Action{Type: Hold}))
		first := inBackground(func() outcome { return c.create("a") })
		c.awaitFired("r")
		second := inBackground(func() outcome { return c.create("b") })
		eventually(t, "two are held", func() bool { return c.lane.Report().Held == 2 })
		c.lane.Release()
		if a, b := soon(t, first), soon(t, second); a.code != 201 || b.code != 201 {
			t.Errorf("%+v, %+v", a, b)
		}
	})
}

func TestRespond(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2,
			Rule{Match: Match{Verb: "create", Name: "busy-*"}, Action: Action{Type: Respond, Code: 429, RetryAfterSeconds: 3}},
			Rule{Match: Match{Verb: "create", Name: "slow"}, Phase: AfterCommit, Action: Action{Type: Respond, Code: 504}},
			Rule{Match: Match{Verb: "create", Name: "there"}, Action: Action{Type: Respond, Code: 409, Reason: "AlreadyExists", Message: "it is there"}})
		got := c.create("busy-1")
		if got.code != 429 || got.header.Get("Retry-After") != "3" || !strings.Contains(got.body, `"reason":"TooManyRequests"`) || !strings.Contains(got.body, `"retryAfterSeconds":3`) {
			t.Errorf("busy: %+v", got)
		}
		if got := c.create("slow"); got.code != 504 || !strings.Contains(got.body, `"reason":"Timeout"`) {
			t.Errorf("slow: %+v", got)
		}
		if got := c.create("there"); got.code != 409 || !strings.Contains(got.body, `"message":"it is there","reason":"AlreadyExists"`) {
			t.Errorf("there: %+v", got)
		}
		if u.seen() != "POST slow" {
			t.Errorf("stored %s", u.seen())
		}
		log := c.lane.Report().Log
		if log[0].Code != 0 || log[0].Answer != 429 || log[1].Code != 201 || log[1].Answer != 504 {
			t.Errorf("logged %+v", log)
		}
	})
}

func TestDelay(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		const delay = 200 * time.Millisecond
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2, nthWrite(1, AfterCommit, Action{Type: Delay, Ms: int(delay.Milliseconds())}))
		start := time.Now()
		answer := inBackground(func() outcome { return c.create("a") })
		eventually(t, "it is stored", func() bool { return u.seen() == "POST a" })
		if got := soon(t, answer); got.code != 201 || time.Since(start) < delay {
			t.Errorf("%+v after %s", got, time.Since(start))
		}
	})
}

func TestAWriteIsMadeAlthoughItsClientLeft(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true, nthWrite(1, AfterCommit, Action{Type: Delay, Ms: 60_000}))
	answer := inBackground(func() outcome { return c.create("a") })
	c.awaitFired("r")
	c.kill()
	if got := soon(t, answer); got.err == nil {
		t.Errorf("%+v", got)
	}
	if u.seen() != "POST a" {
		t.Errorf("stored %s", u.seen())
	}
}

func TestCutAfterTheAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2, nthWrite(1, AfterAnswer, Action{Type: Cut}))
		if got := c.create("a"); got.code != 201 || got.err != nil {
			t.Errorf("%+v", got)
		}
		c.awaitFired("r")
		eventually(t, "the connection is cut", func() bool { return c.lane.Report().Connections == 0 })
	})
}

func TestRefusal(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2)
		c.create("a")
		c.lane.CutAll(true)
		if got := c.create("b"); got.err == nil {
			t.Errorf("b: %+v", got)
		}
		c.lane.Accept()
		if got := c.create("c"); got.code != 201 {
			t.Errorf("c: %+v", got)
		}
		if u.seen() != "POST a, POST c" {
			t.Errorf("stored %s", u.seen())
		}
	})
}

func TestAMissingServerLooksMissing(t *testing.T) {
	onBoth(t, func(t *testing.T, http2 bool) {
		u := newUpstream(t)
		c := newClient(t, u, newProxy(t, u), http2, nthWrite(1, AfterCommit, Action{Type: Hold}))
		u.Close()
		for range 2 { // and the lane doesn't wait for the commit that never came
			if got := soon(t, inBackground(func() outcome { return c.create("a") })); got.err == nil {
				t.Errorf("%+v", got)
			}
		}
		if unfired := c.lane.Report().Unfired; len(unfired) != 1 {
			t.Errorf("unfired: %v", unfired)
		}
	})
}

func TestLanesDoNotDisturbEachOther(t *testing.T) {
	u := newUpstream(t)
	p := newProxy(t, u)
	frozen := newClient(t, u, p, true, nthWrite(1, Before, Action{Type: Hold}))
	other := newClient(t, u, p, true, nthWrite(2, Before, Action{Type: Respond, Code: 500}))
	held := inBackground(func() outcome { return frozen.create("a") })
	frozen.awaitFired("r")
	if got := other.create("b"); got.code != 201 {
		t.Errorf("b: %+v", got)
	}
	frozen.lane.CutAll(true)
	if got := soon(t, held); got.err == nil {
		t.Errorf("a: %+v", got)
	}
	if got := other.create("c"); got.code != 500 {
		t.Errorf("c: %+v", got)
	}
	if u.seen() != "POST b" {
		t.Errorf("stored %s", u.seen())
	}
	p.RemoveLane(frozen.lane.ID())
	if got := other.create("d"); got.code != 201 {
		t.Errorf("d: %+v", got)
	}
}

func TestManyLanes(t *testing.T) {
	u := newUpstream(t)
	p := newProxy(t, u)
	const lanes = 200
	results := make(chan outcome, lanes)
	for range lanes {
		c := newClient(t, u, p, true, nthWrite(1, AfterCommit, Action{Type: Cut}))
		go func() {
			c.create("lost")
			results <- c.create("a")
		}()
	}
	for range lanes {
		if got := soon(t, results); got.code != 201 {
			t.Fatalf("%+v", got)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), true, nthWrite(1, Before, Action{Type: Hold}))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if c.lane.WaitFired(ctx, "r", 1) == nil {
		t.Error("it waited for nothing")
	}
}
