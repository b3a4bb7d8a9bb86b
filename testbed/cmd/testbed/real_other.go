//go:build !linux

package main

import (
	"context"
	"errors"

	"sp-ray.dev/testbed/internal/state"
)

var errNotLinux = errors.New("the profile real needs Linux: its nodes are this machine's own kernel; use --profile sim")

func realProfile() profile {
	return profile{
		name:   "real",
		about:  "three real nodes that run real Ray (Linux, root)",
		check:  func() error { return errNotLinux },
		up:     func(context.Context, string, state.Testbed, func(string)) error { return errNotLinux },
		down:   killAll,
		status: func(string, state.Testbed) string { return "" },
	}
}
