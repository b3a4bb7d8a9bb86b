package proxy

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
)

// connections is a listener that knows what it accepted and can cut it.
type connections struct {
	net.Listener

	mu     sync.Mutex
	open   map[*connection]struct{}
	refuse bool
}

// connection is one from a client.
type connection struct {
	net.Conn
	owner *connections
	gone  atomic.Bool
}

func (c *connections) Accept() (net.Conn, error) {
	for {
		accepted, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		conn := &connection{Conn: accepted, owner: c}
		c.mu.Lock()
		c.open[conn] = struct{}{}
		refuse := c.refuse
		c.mu.Unlock()
		if !refuse {
			return conn, nil
		}
		conn.cut()
	}
}

// cutAll cuts what is open; with refuse nothing gets in until the next call without.
func (c *connections) cutAll() {
	c.mu.Lock()
	var open []*connection
	for conn := range c.open {
		open = append(open, conn)
	}
	c.mu.Unlock()
	for _, conn := range open {
		conn.cut()
	}
}

func (c *connections) setRefuse(refuse bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = refuse
}

func (c *connections) state() (open int, refuse bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open), c.refuse
}

// cut ends the connection by a reset: no orderly end of TLS, and what was not sent is lost.
func (c *connection) cut() {
	c.gone.Store(true)
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func (c *connection) Close() error {
	c.owner.mu.Lock()
	delete(c.owner.open, c)
	c.owner.mu.Unlock()
	return c.Conn.Close()
}

type connectionKey struct{}

// withConnection lets handlers find the connection that a request came by.
func withConnection(ctx context.Context, conn net.Conn) context.Context {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	return context.WithValue(ctx, connectionKey{}, conn)
}

func connectionOf(ctx context.Context) *connection {
	conn, _ := ctx.Value(connectionKey{}).(*connection)
	return conn
}

// present says whether the client that sent a request still waits for its answer. The server
// notices a cut a little later than the connection knows of it.
func present(ctx context.Context) bool {
	conn := connectionOf(ctx)
	return ctx.Err() == nil && (conn == nil || !conn.gone.Load())
}
