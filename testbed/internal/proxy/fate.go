package proxy

import "time"

// fate is what becomes of an event.
type fate struct {
	drop, hold bool
	delay      time.Duration
	after      *activeRule
}

func (l *Lane) judge(watch Request, content []byte) fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	var f fate
	var e event
	parsed := false
	for _, rule := range l.rules {
		if !rule.ofEvents() || rule.spent || rule.endsAtOnce() {
			continue
		}
		if !parsed { // it is costly, and most lanes have no such rule
			e, parsed = parseEvent(content), true
		}
		if !rule.Match.coversEvent(watch, e) || !rule.due() {
			continue
		}
		switch rule.Action.Type {
		case DropEvents:
			f.drop = true
		case HoldEvents:
			f.hold = true
		case DelayEvents:
			f.delay = max(f.delay, rule.delay())
		case BreakWatch, Gone:
			f.after = rule
			continue // it fires when the event was delivered
		}
		rule.Fired++
		l.changedLocked()
	}
	return f
}

// endsAtOnce says whether a rule ends watches without waiting for an event.
func (a *activeRule) endsAtOnce() bool {
	return (a.Action.Type == BreakWatch || a.Action.Type == Gone) &&
		a.Match.Nth == 0 && a.Match.Type == "" && a.Match.Name == ""
}

// toEnd finds a rule that ends the watch as it is.
func (l *Lane) toEnd(watch Request) *activeRule {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, rule := range l.rules {
		if rule.endsAtOnce() && rule.chosen < rule.Match.Count && rule.Match.coversWatch(watch) {
			rule.Seen++
			rule.chosen++
			return rule
		}
	}
	return nil
}
