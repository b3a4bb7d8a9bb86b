package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// progress is a line on standard error. On a terminal it counts the seconds.
type progress struct {
	title string
	start time.Time
	stop  chan struct{}
	ended chan struct{}
}

func startProgress(title string) *progress {
	p := &progress{title: title, start: time.Now(), stop: make(chan struct{}), ended: make(chan struct{})}
	fmt.Fprintf(os.Stderr, "%s ...", title)
	go func() {
		defer close(p.ended)
		if !term.IsTerminal(int(os.Stderr.Fd())) {
			return
		}
		for {
			select {
			case <-p.stop:
				return
			case <-time.After(time.Second):
				fmt.Fprintf(os.Stderr, "\r%s ... %.0fs", title, time.Since(p.start).Seconds())
			}
		}
	}()
	return p
}

func (p *progress) done(err error) {
	close(p.stop)
	<-p.ended
	if term.IsTerminal(int(os.Stderr.Fd())) {
		fmt.Fprintf(os.Stderr, "\r%s ...", p.title)
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, " interrupted")
	case err != nil:
		fmt.Fprintln(os.Stderr, " failed")
	default:
		fmt.Fprintf(os.Stderr, " %.0fs\n", time.Since(p.start).Seconds())
	}
}
