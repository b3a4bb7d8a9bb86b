package main

import (
	"context"
	"errors"
	"strings"

	"sp-ray.dev/testbed/internal/realnodes"
	"sp-ray.dev/testbed/internal/state"
)

func realProfile() profile {
	return profile{
		name:  "real",
		about: "three real nodes that run real Ray (Linux, root)",
		check: func() error {
			if missing := realnodes.Missing(); len(missing) > 0 {
				return errors.New(strings.Join(missing, "\ntestbed: "))
			}
			return nil
		},
		up: func(ctx context.Context, dir string, t state.Testbed, progress func(string)) error {
			return realnodes.Up(ctx, realnodes.Options{
				StateDir: dir, Audit: t.Audit, RayPackages: t.RayPackages, Progress: progress,
			})
		},
		down:   realnodes.Down,
		status: func(dir string, _ state.Testbed) string { return realnodes.Status(dir) },
	}
}
