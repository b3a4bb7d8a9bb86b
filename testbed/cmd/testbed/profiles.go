package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/simulation"
	"sp-ray.dev/testbed/internal/state"
)

// profile is one kind of testbed.
type profile struct {
	name  string
	about string
	// check says in one line what this machine lacks; nil where nothing is needed.
	check func() error
	up    func(ctx context.Context, dir string, t state.Testbed, progress func(string)) error
	// down ends everything that runs; the directory is removed afterwards.
	down   func(dir string) error
	status func(dir string, t state.Testbed) string
}

var profiles = []profile{
	{
		name:   "api",
		about:  "etcd and kube-apiserver",
		up:     upAPI,
		down:   killAll,
		status: func(string, state.Testbed) string { return "" },
	},
	{
		name:   "sim",
		about:  "a whole control plane with simulated nodes",
		up:     upSim,
		down:   killAll,
		status: func(_ string, t state.Testbed) string { return "nodes        " + t.Pools.String() + "\n" },
	},
	realProfile(),
}

func profileNames() []string {
	var names []string
	for _, p := range profiles {
		names = append(names, p.name)
	}
	return names
}

func findProfile(name string) (profile, error) {
	i := slices.IndexFunc(profiles, func(p profile) bool { return p.name == name })
	if i < 0 {
		return profile{}, fmt.Errorf("no profile %q; there are: %s", name, strings.Join(profileNames(), ", "))
	}
	return profiles[i], nil
}

func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var lines []string
	for _, p := range profiles {
		lines = append(lines, p.name+"\t"+p.about)
	}
	return lines, cobra.ShellCompDirectiveNoFileComp
}

func upAPI(ctx context.Context, dir string, t state.Testbed, progress func(string)) error {
	return controlplane.Up(ctx, controlplane.Options{StateDir: dir, Audit: t.Audit, Progress: progress})
}

func upSim(ctx context.Context, dir string, t state.Testbed, progress func(string)) error {
	o := controlplane.Options{
		StateDir: dir, Audit: t.Audit, Progress: progress,
		ControllerManager: true, Scheduler: true,
		APIServerArgs: simulation.APIServerArgs(),
	}
	// All at once, so that the progress counts all of them.
	if _, err := cache.Tools(ctx, append(o.Components(), simulation.Tools()...)...); err != nil {
		return err
	}
	if err := controlplane.Up(ctx, o); err != nil {
		return err
	}
	return simulation.Up(ctx, dir, t.Pools, progress)
}

// killAll does not ask the components to finish their work: what they would save is deleted next.
func killAll(dir string) error {
	names := process.Names(dir)
	slices.Reverse(names)
	for _, name := range names {
		if err := process.Stop(dir, name, 0*time.Second); err != nil {
			return err
		}
	}
	return nil
}
