package proxy

import (
	"bufio"
	"context"
	"io"
	"net/http"
)

// watch passes on a watch whose events are lines of the answer's body.
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
	go s.read(x.lane, lines(response.Body))
	x.lane.relay(s, bodySink{x})
}

func lines(body io.Reader) source {
	reader := bufio.NewReader(body)
	return func() ([]byte, []byte, error) {
		line, err := reader.ReadBytes('\n')
		return line, line, err
	}
}

// bodySink writes events into the body of an answer.
type bodySink struct{ *exchange }

func (b bodySink) send(wire []byte) error {
	if _, err := b.w.Write(wire); err != nil {
		return err
	}
	return http.NewResponseController(b.w).Flush()
}

func (b bodySink) encode(event []byte) []byte { return append(event, '\n') }

func (b bodySink) gone() <-chan struct{} { return b.ctx().Done() }

func (b bodySink) end(how string) {
	if how != Clean {
		b.abort(how)
	}
}

// upgrade passes on a connection that has changed its protocol. A watch by WebSocket, which is
// what Java's client prefers, is understood; anything else, like exec, is not looked into.
func (x *exchange) upgrade(response *http.Response) {
	if x.apply(AfterCommit) {
		return
	}
	server, ok := response.Body.(io.ReadWriteCloser)
	if !ok {
		x.abort(Connection)
	}
	conn, buffered, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		x.abort(Connection)
	}
	defer func() { _ = conn.Close() }()
	response.Body = nil
	if response.Write(buffered) != nil || buffered.Flush() != nil {
		return
	}
	// The server doesn't watch a connection for its end that isn't its own any more.
	ctx, left := context.WithCancel(x.lane.ctx)
	go func() {
		defer left()
		_, _ = io.Copy(server, buffered)
	}()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	defer left()
	if x.request.Verb != "watch" {
		_, _ = io.Copy(conn, server)
		return
	}
	s := newStream(x.request)
	x.lane.addStream(s)
	defer x.lane.removeStream(s)
	to := &socketSink{conn: conn, client: connectionOf(x.ctx()), ctx: ctx}
	go s.read(x.lane, messages(server, to))
	x.lane.relay(s, to)
}
