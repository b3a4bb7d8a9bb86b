package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

// DefaultLane is there from the beginning, for trying things out by hand.
const DefaultLane = "default"

// ServeOptions are those of a proxy process.
type ServeOptions struct {
	Server      string // URL of the API server
	CAFile      string
	CertFile    string
	KeyFile     string
	Port        int // of the default lane
	ControlPort int
}

// Serve runs a proxy until the context ends.
func Serve(ctx context.Context, o ServeOptions) error {
	options, err := o.load()
	if err != nil {
		return err
	}
	p := New(options)
	defer p.Close()
	if _, err := p.AddLane(LaneOptions{ID: DefaultLane, Port: o.Port}); err != nil {
		return err
	}
	// By HTTP without credentials, therefore on loopback only.
	control := &http.Server{
		Addr:              net.JoinHostPort("127.0.0.1", strconv.Itoa(o.ControlPort)),
		Handler:           p.Control(),
		ReadHeaderTimeout: time.Minute,
	}
	stop := context.AfterFunc(ctx, func() { _ = control.Close() })
	defer stop()
	if err := control.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (o ServeOptions) load() (Options, error) {
	var options Options
	server, err := url.Parse(o.Server)
	if err != nil {
		return options, err
	}
	pem, err := os.ReadFile(o.CAFile)
	if err != nil {
		return options, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return options, fmt.Errorf("%s holds no certificate", o.CAFile)
	}
	certificate, err := tls.LoadX509KeyPair(o.CertFile, o.KeyFile)
	if err != nil {
		return options, err
	}
	return Options{Server: server, Roots: roots, Certificate: certificate}, nil
}
