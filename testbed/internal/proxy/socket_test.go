package proxy

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// watchBySocket is what Java's client does first.
func (c *client) watchBySocket() *watching {
	c.Helper()
	request, err := http.NewRequestWithContext(c.ctx, http.MethodGet, c.lane.URL()+podsPath+"?watch=true", nil)
	if err != nil {
		c.Fatal(err)
	}
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "websocket")
	response, err := c.http.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		c.Fatalf("the answer is %s", response.Status)
	}
	w := &watching{c.T, make(chan string, 100), make(chan error, 1)}
	go func() {
		defer func() { _ = response.Body.Close() }()
		reader := bufio.NewReader(response.Body)
		for {
			f, err := readFrame(reader)
			if err != nil || f.opcode == opClose {
				w.end <- err
				return
			}
			w.lines <- string(f.payload)
		}
	}()
	return w
}

func TestAWebSocketEndsWithItsClient(t *testing.T) {
	u := newUpstream(t)
	c := newClient(t, u, newProxy(t, u), false)
	w := c.watchBySocket()
	u.events <- podEvent("ADDED", "a")
	w.sees("a")
	c.lane.CutAll(false)
	w.endsInOrder(false)
	u.awaitLeft(t, 1)
	eventually(t, "the watch is forgotten", func() bool { return len(c.lane.Report().Watches) == 0 })
}

func TestFrames(t *testing.T) {
	for _, size := range []int{0, 125, 126, 65535, 65536} {
		payload := strings.Repeat("x", size)
		f, err := readFrame(bufio.NewReader(strings.NewReader(string(newFrame(opText, []byte(payload))))))
		if err != nil || string(f.payload) != payload || !f.final || f.opcode != opText {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := readFrame(bufio.NewReader(strings.NewReader("\x81\x05ab"))); err != io.ErrUnexpectedEOF {
		t.Errorf("half a frame: %v", err)
	}
}

func TestMessages(t *testing.T) {
	const ping = "\x89\x00"
	var client bytes.Buffer
	next := messages(strings.NewReader("\x01\x02ab"+ping+"\x80\x01c"+string(closeFrame())), &socketSink{conn: writer{&client}})
	if event, wire, err := next(); string(event) != "abc" || string(wire) != "\x01\x02ab\x80\x01c" || err != nil {
		t.Errorf("%q, %q, %v", event, wire, err)
	}
	if client.String() != ping {
		t.Errorf("the client got %q", client.String())
	}
	if _, _, err := next(); err != io.EOF {
		t.Errorf("the end: %v", err)
	}
}

type writer struct{ io.Writer }

func (writer) Close() error { return nil }
