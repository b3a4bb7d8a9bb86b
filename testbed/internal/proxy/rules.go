package proxy

import (
	"fmt"
	"time"
)

// activeRule is a rule with what came of it. A lane's lock guards it.
type activeRule struct {
	Rule
	Seen    int  `json:"seen"`    // requests or events that it matched
	Fired   int  `json:"fired"`   // times that it did something
	Retired bool `json:"retired"` // replaced by later rules

	chosen int  // times that it was meant to fire
	spent  bool // holdEvents: released
}

// due counts a match and says whether the rule is to fire for it.
func (a *activeRule) due() bool {
	a.Seen++
	limit := a.Match.Count
	if limit == 0 && a.Match.Nth > 0 && a.Action.Type != HoldEvents {
		limit = 1
	}
	if a.Seen < a.Match.Nth || limit > 0 && a.chosen >= limit {
		return false
	}
	a.chosen++
	return true
}

// endsRequest says whether nothing comes after the rule.
func (a *activeRule) endsRequest() bool { return a.Action.Type == Cut || a.Action.Type == Respond }

// plan is which rule fires in which phase of a request: the first that is due.
type plan map[Phase]*activeRule

func (l *Lane) planLocked(r Request) plan {
	chosen := plan{}
	for _, phase := range []Phase{Before, AfterCommit, AfterAnswer} {
		for _, rule := range l.rules {
			if rule.ofEvents() || rule.Phase != phase || !rule.Match.coversRequest(r) {
				continue
			}
			if chosen[phase] != nil || chosen.over() {
				rule.Seen++
			} else if rule.due() {
				chosen[phase] = rule
			}
		}
	}
	return chosen
}

func (p plan) over() bool {
	for _, phase := range []Phase{Before, AfterCommit} {
		if rule := p[phase]; rule != nil && rule.endsRequest() {
			return true
		}
	}
	return false
}

// freezes says whether the lane is to stand still from this request on.
func (p plan) freezes() bool {
	for _, rule := range p {
		if rule.Action.Type == Hold && rule.Action.Scope == "lane" {
			return true
		}
	}
	return false
}

// SetRules replaces the rules. Those that were never fired are not forgotten.
func (l *Lane) SetRules(rules []Rule) error {
	next := make([]*activeRule, len(rules))
	names := map[string]bool{}
	for i, rule := range rules {
		setDefault(&rule.Name, fmt.Sprintf("rule-%d", i+1))
		if err := rule.complete(); err != nil {
			return fmt.Errorf("%s: %w", rule.Name, err)
		}
		if names[rule.Name] {
			return fmt.Errorf("there are two rules %q", rule.Name)
		}
		names[rule.Name] = true
		next[i] = &activeRule{Rule: rule}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, rule := range l.rules {
		rule.Retired = true
	}
	l.retired = append(l.retired, l.rules...)
	l.rules = next
	l.changedLocked()
	for s := range l.streams {
		s.wake() // a rule may end watches that are open
	}
	return nil
}

// fired records that a rule did what it is for.
func (l *Lane) fired(rule *activeRule) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rule.Fired++
	l.changedLocked()
}

// ruleLocked finds a rule, also one that was replaced: whoever waits for it may come late.
func (l *Lane) ruleLocked(name string) *activeRule {
	all := append(append([]*activeRule{}, l.retired...), l.rules...)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Name == name {
			return all[i]
		}
	}
	return nil
}

func (a *activeRule) delay() time.Duration { return time.Duration(a.Action.Ms) * time.Millisecond }
