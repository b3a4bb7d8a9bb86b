package proxy

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// An answer counts as delivered this long after its last byte was handed to the connection: until
// then the proxy can't know whether the client has read it.
const settle = 20 * time.Millisecond

// exchange is one request and its answer.
type exchange struct {
	lane    *Lane
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	request Request
	plan    plan
	entry   *Write
	flying  bool // the lane counts on the server's answer
}

// ServeHTTP takes a request of the lane's client.
func (l *Lane) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Whole, so that a held request costs nothing at the server, and the client's end is noticed.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	x := &exchange{lane: l, w: w, r: r, body: body, request: parseRequest(r.Method, r.URL, body)}
	if !l.admit(x) {
		panic(http.ErrAbortHandler)
	}
	defer l.landed(x)
	x.run()
}

// ctx ends when the client leaves, or the lane.
func (x *exchange) ctx() context.Context { return x.r.Context() }

func (x *exchange) run() {
	if x.apply(Before) {
		return
	}
	ctx, cancel := x.serverContext()
	defer cancel()
	response, err := x.forward(ctx)
	if err != nil {
		x.serverAway()
	}
	body := response.Body
	defer func() { _ = body.Close() }()
	switch {
	case response.StatusCode == http.StatusSwitchingProtocols:
		x.upgrade(response)
	case x.request.Verb == "watch" && response.StatusCode == http.StatusOK:
		x.watch(response)
	case x.buffered():
		content, err := io.ReadAll(response.Body)
		if err != nil {
			x.serverAway()
		}
		x.committed(response.StatusCode, content)
		if x.apply(AfterCommit) {
			return
		}
		x.answer(response.StatusCode, response.Header, content)
		x.afterAnswer()
	default:
		x.pass(response)
	}
}

// serverContext decides what becomes of a request when its client leaves. The server may or may
// not have stored a write then; that it always has makes tests repeatable.
func (x *exchange) serverContext() (context.Context, context.CancelFunc) {
	if x.request.changes() || x.plan[AfterCommit] != nil {
		return context.WithCancel(x.lane.ctx)
	}
	return context.WithCancel(x.ctx())
}

// buffered says whether the answer is read to its end before the client gets any of it.
func (x *exchange) buffered() bool {
	return x.request.changes() || x.plan[AfterCommit] != nil || x.plan[AfterAnswer] != nil
}

// apply does what is planned for a phase and returns whether the request is over.
func (x *exchange) apply(phase Phase) bool {
	rule := x.plan[phase]
	if rule == nil {
		return false
	}
	x.note(func(w *Write) { w.Rules = append(w.Rules, rule.Name) })
	switch rule.Action.Type {
	case Hold:
		if !x.lane.hold(x.ctx(), rule) {
			panic(http.ErrAbortHandler)
		}
	case Delay:
		x.lane.fired(rule)
		select {
		case <-time.After(rule.delay()):
		case <-x.ctx().Done():
		}
		if !present(x.ctx()) {
			panic(http.ErrAbortHandler)
		}
	case Respond:
		x.lane.fired(rule)
		header, content := statusAnswer(rule.Action, x.request)
		x.answer(rule.Action.Code, header, content)
		return true
	case Cut:
		x.lane.fired(rule)
		x.abort(rule.Action.Cut)
	}
	return false
}

// afterAnswer acts when the handler has returned, which is what ends the answer.
func (x *exchange) afterAnswer() {
	rule := x.plan[AfterAnswer]
	if rule == nil {
		return
	}
	x.note(func(w *Write) { w.Rules = append(w.Rules, rule.Name) })
	conn := connectionOf(x.ctx())
	time.AfterFunc(settle, func() {
		if rule.Action.Type == Cut && conn != nil {
			conn.cut()
		}
		x.lane.quiet(x.lane.ctx)
		x.lane.fired(rule)
	})
}

// abort ends the request without an answer; it doesn't return.
func (x *exchange) abort(how string) {
	if conn := connectionOf(x.ctx()); how == Connection && conn != nil {
		conn.cut()
	}
	panic(http.ErrAbortHandler)
}

// serverAway ends the request as the missing server would. What was planned for later never
// comes, so the lane doesn't stand still for it.
func (x *exchange) serverAway() {
	if x.plan.freezes() {
		x.lane.thaw()
	}
	x.abort(Connection)
}

func (x *exchange) forward(ctx context.Context) (*http.Response, error) {
	target := *x.r.URL
	target.Scheme, target.Host = x.lane.upstream.Scheme, x.lane.upstream.Host
	out, err := http.NewRequestWithContext(ctx, x.r.Method, target.String(), bytes.NewReader(x.body))
	if err != nil {
		return nil, err
	}
	if len(x.body) == 0 {
		out.Body = http.NoBody
	}
	copyHeader(out.Header, x.r.Header)
	if upgrade := x.r.Header.Get("Upgrade"); upgrade != "" {
		out.Header.Set("Connection", "Upgrade")
		out.Header.Set("Upgrade", upgrade)
	}
	if x.request.Verb == "watch" {
		readableWatch(out.Header)
	}
	x.note(func(w *Write) { w.Forwarded = true })
	return x.lane.transports[x.r.ProtoMajor].RoundTrip(out)
}

// committed records the server's answer.
func (x *exchange) committed(code int, content []byte) {
	x.lane.landed(x)
	x.note(func(w *Write) {
		w.Code = code
		if w.Name == "" && x.request.Verb == "create" {
			w.Name = nameIn(content) // the server chose it
		}
	})
}

// answer sends an answer that is there as a whole.
func (x *exchange) answer(code int, header http.Header, content []byte) {
	copyHeader(x.w.Header(), header)
	if x.r.Method != http.MethodHead {
		x.w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	}
	// Before it is sent, so that whoever has seen the answer finds it in the log.
	x.note(func(w *Write) { w.Answered, w.Answer = true, code })
	x.w.WriteHeader(code)
	_, err := x.w.Write(content)
	if err == nil {
		err = http.NewResponseController(x.w).Flush()
	}
	if err != nil || !present(x.ctx()) {
		x.note(func(w *Write) { w.Answered, w.Answer = false, 0 })
	}
}

// pass hands an answer on as it comes.
func (x *exchange) pass(response *http.Response) {
	copyHeader(x.w.Header(), response.Header)
	x.w.WriteHeader(response.StatusCode)
	controller := http.NewResponseController(x.w)
	buffer := make([]byte, 32<<10)
	for {
		n, err := response.Body.Read(buffer)
		if n > 0 {
			if _, failed := x.w.Write(buffer[:n]); failed != nil {
				panic(http.ErrAbortHandler)
			}
			_ = controller.Flush()
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			x.abort(Connection)
		}
	}
}

// note changes the request's entry in the log.
func (x *exchange) note(change func(*Write)) {
	x.lane.mu.Lock()
	defer x.lane.mu.Unlock()
	change(x.entry)
}
