// Package proxy is a TLS proxy between an operator and the API server that makes things go wrong
// on request: it cuts, delays, holds or answers requests itself, and holds, drops or ends watches.
//
// Each run of a test has a lane of its own: a port with its own rules, counters and log, so that
// runs go side by side. The proxy ends TLS on both sides and needs no credentials: clients bring
// bearer tokens, which it passes on untouched.
package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Options say what a proxy stands in front of.
type Options struct {
	Server      *url.URL        // the API server
	Roots       *x509.CertPool  // with which its certificate is checked
	Certificate tls.Certificate // of the lanes; it has to be good for 127.0.0.1
}

// Proxy is a set of lanes.
type Proxy struct {
	options Options

	mu    sync.Mutex
	count int
	lanes map[string]*Lane
}

// New returns a proxy without lanes.
func New(options Options) *Proxy {
	return &Proxy{options: options, lanes: map[string]*Lane{}}
}

// LaneOptions are what is chosen for a lane once and for all.
type LaneOptions struct {
	ID    string // chosen by the proxy if empty
	Port  int    // a free one if 0
	HTTP1 bool   // offer HTTP/1.1 only
}

// AddLane opens a lane, which passes everything on until it is given rules.
func (p *Proxy) AddLane(options LaneOptions) (*Lane, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if options.ID == "" {
		p.count++
		options.ID = fmt.Sprintf("lane-%d", p.count)
	}
	if p.lanes[options.ID] != nil {
		return nil, fmt.Errorf("there is a lane %q already", options.ID)
	}
	lane, err := openLane(p.options, options)
	if err != nil {
		return nil, err
	}
	p.lanes[options.ID] = lane
	return lane, nil
}

// Lane returns the lane of that id, nil if there is none.
func (p *Proxy) Lane(id string) *Lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lanes[id]
}

// Lanes returns all lanes in the order of their ids.
func (p *Proxy) Lanes() []*Lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	lanes := make([]*Lane, 0, len(p.lanes))
	for _, lane := range p.lanes {
		lanes = append(lanes, lane)
	}
	slices.SortFunc(lanes, func(a, b *Lane) int { return strings.Compare(a.id, b.id) })
	return lanes
}

// RemoveLane closes a lane and cuts all its connections.
func (p *Proxy) RemoveLane(id string) {
	p.mu.Lock()
	lane := p.lanes[id]
	delete(p.lanes, id)
	p.mu.Unlock()
	if lane != nil {
		lane.close()
	}
}

// Close closes all lanes.
func (p *Proxy) Close() {
	for _, lane := range p.Lanes() {
		p.RemoveLane(lane.id)
	}
}
