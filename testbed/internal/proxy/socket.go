package proxy

import (
	"bufio"
	"context"
	"io"
	"sync"
)

// socketSink writes events into a WebSocket.
type socketSink struct {
	mu     sync.Mutex // events and control frames come from different goroutines
	conn   io.WriteCloser
	client *connection
	ctx    context.Context // ends when the client leaves
}

func (w *socketSink) send(wire []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.conn.Write(wire)
	return err
}

func (w *socketSink) encode(event []byte) []byte { return newFrame(opText, event) }

func (w *socketSink) gone() <-chan struct{} { return w.ctx.Done() }

func (w *socketSink) end(how string) {
	switch how {
	case Clean:
		_ = w.send(closeFrame())
		_ = w.conn.Close()
	case Stream: // there is no other stream in it
		_ = w.conn.Close()
	default:
		w.client.cut()
	}
}

// messages gives the messages of a WebSocket. The server's pings and pongs go to the client at
// once; its close ends the watch behind the events that are still on their way.
func messages(server io.Reader, to *socketSink) source {
	reader := bufio.NewReader(server)
	return func() (event, wire []byte, err error) {
		for {
			f, err := readFrame(reader)
			switch {
			case err == io.EOF: // without a close
				return nil, nil, io.ErrUnexpectedEOF
			case err != nil:
				return nil, nil, err
			case f.opcode == opClose:
				return nil, nil, io.EOF
			case f.control():
				_ = to.send(f.wire)
				continue
			}
			event, wire = append(event, f.payload...), append(wire, f.wire...)
			if f.final {
				return event, wire, nil
			}
		}
	}
}
