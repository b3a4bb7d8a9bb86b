package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/simulation"
	"sp-ray.dev/testbed/internal/state"
)

func newUp() *cobra.Command {
	wanted := state.Testbed{Pools: simulation.DefaultSizes}
	cmd := &cobra.Command{
		Use:   "up --profile api|sim|real",
		Short: "Start a testbed, or repair a running one",
		Long: `up starts a testbed and returns when it can be used. The first time it builds what it runs.

On a running testbed it starts what is missing: it is safe to call it again at any time, also
after it was killed. Pool sizes may change from call to call.

Standard output is a line for the shell (export KUBECONFIG=...), all else goes to standard error.`,
		Example: `  eval "$(testbed up --profile api)"
  testbed up --profile sim --cpu-nodes 600 --t4-nodes 200 --a100-nodes 200
  testbed up --profile api --audit --dir /tmp/mine    # a second one beside the first`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&wanted.Profile, "profile", "", "api, sim or real")
	flags.IntVar(&wanted.Pools.CPU, "cpu-nodes", wanted.Pools.CPU, "sim: nodes without GPU (e2-standard-16)")
	flags.IntVar(&wanted.Pools.T4, "t4-nodes", wanted.Pools.T4, "sim: nodes with one T4 (n1-standard-16)")
	flags.IntVar(&wanted.Pools.A100, "a100-nodes", wanted.Pools.A100, "sim: nodes with one A100 (a2-highgpu-1g)")
	flags.BoolVar(&wanted.Audit, "audit", false, "log every API request to logs/audit.log (metadata level)")
	flags.StringVar(&wanted.RayPackages, "ray-packages", "", "real: requirements file with hashes, for example deploy/images/ml/pyg.txt, of what the Ray image has (default: Ray alone)")
	_ = cmd.MarkFlagFilename("ray-packages", "txt")
	dirOf := addDirFlag(cmd)
	_ = cmd.MarkFlagRequired("profile")
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		if wanted.RayPackages != "" {
			if wanted.RayPackages, err = filepath.Abs(wanted.RayPackages); err != nil {
				return err
			}
		}
		return up(cmd.Context(), dir, wanted, flags)
	}
	return cmd
}

func up(ctx context.Context, dir string, wanted state.Testbed, flags *pflag.FlagSet) error {
	start := time.Now()
	p, err := findProfile(wanted.Profile)
	if err != nil {
		return err
	}
	if p.check != nil {
		if err := p.check(); err != nil {
			return err
		}
	}
	if err := checkSizes(wanted); err != nil {
		return err // before the directory is made
	}
	lock, err := state.Lock(ctx, dir)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	t, err := merge(dir, wanted, flags)
	if err != nil {
		return err
	}
	if err := state.Save(dir, t); err != nil {
		return err
	}
	before := running(dir)
	progress := func(line string) {
		if len(before) == 0 {
			fmt.Fprintln(os.Stderr, line)
		}
	}
	if err := p.up(ctx, dir, t, progress); err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted; `testbed up` continues, `testbed down` cleans up")
		}
		return err
	}
	fmt.Fprintln(os.Stderr, summary(p.name, before, running(dir), time.Since(start)))
	printEnv(dir)
	return nil
}

// merge checks what is wanted against what the directory holds. Flags that are not given stay as
// they were in the first call.
func merge(dir string, wanted state.Testbed, flags *pflag.FlagSet) (state.Testbed, error) {
	there, err := state.Load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return wanted, nil
	}
	if err != nil {
		return there, err
	}
	if there.Profile != wanted.Profile {
		return there, fmt.Errorf("there is a testbed of the profile %s in %s; run `testbed down` first, or use another --dir", there.Profile, dir)
	}
	if flags.Changed("audit") && there.Audit != wanted.Audit {
		return there, errors.New("the audit log is switched when a testbed is started; run `testbed down` first")
	}
	if flags.Changed("ray-packages") && there.RayPackages != wanted.RayPackages {
		return there, errors.New("nodes keep the images that they were started with; run `testbed down` first, or use another --dir")
	}
	if flags.Changed("cpu-nodes") {
		there.Pools.CPU = wanted.Pools.CPU
	}
	if flags.Changed("t4-nodes") {
		there.Pools.T4 = wanted.Pools.T4
	}
	if flags.Changed("a100-nodes") {
		there.Pools.A100 = wanted.Pools.A100
	}
	return there, checkSizes(there)
}

func checkSizes(t state.Testbed) error {
	if t.Profile != "sim" {
		return nil
	}
	return t.Pools.Check()
}

func running(dir string) []string {
	return slices.DeleteFunc(process.Names(dir), func(name string) bool { return !process.Running(dir, name) })
}

func summary(profile string, before, after []string, took time.Duration) string {
	switch {
	case len(before) == 0:
		return fmt.Sprintf("the %s testbed is up (%.1f s)", profile, took.Seconds())
	case slices.Equal(before, after):
		return fmt.Sprintf("the %s testbed is already running; `testbed status` shows it", profile)
	default:
		started := slices.DeleteFunc(slices.Clone(after), func(name string) bool { return slices.Contains(before, name) })
		return fmt.Sprintf("the %s testbed was running in part; started: %v", profile, started)
	}
}
