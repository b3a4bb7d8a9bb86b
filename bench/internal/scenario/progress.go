package scenario

import (
	"fmt"
	"os"
	"time"
)

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// progress shows how a scenario gets on: in place on a terminal, else a line now and then.
func (s *session) progress(scenario string, clusters, workers int) (stop func()) {
	info, err := os.Stderr.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	every, end := 10*time.Second, "\n"
	if terminal {
		every, end = 500*time.Millisecond, "\033[K\r"
	}
	begun, done, ended := time.Now(), make(chan struct{}), make(chan struct{})
	show := func(end string) {
		c := s.tracker.Counts()
		fmt.Fprintf(os.Stderr, "%-8s %-9s %5.1f s  %d/%d clusters ready, %d pods%s",
			s.name, scenario, time.Since(begun).Seconds(), c.Ready, clusters, c.Pods, end)
	}
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				show(end)
			case <-done:
				show("\n")
				return
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
