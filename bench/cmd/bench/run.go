package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sp-ray.dev/bench/internal/operator"
	"sp-ray.dev/bench/internal/report"
	"sp-ray.dev/bench/internal/scenario"
)

func newRun() *cobra.Command {
	var o scenario.Options
	var operators, scenarios []string
	var json string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Measure",
		Long: `run measures each operator in each scenario. Scenarios:
  create         from the first request until all clusters are ready
  scale          one more worker in each cluster, until all of these pods exist
  one-more       20 further clusters one after the other, while the others exist
  restart        from the start of the process until it has looked at every cluster
  delete         until all clusters and pods are gone
  large          one cluster of many workers
  broken         clusters created alone, and beside many clusters of another tenant whose pods the
                 API server refuses

Operators:
  sp-ray         the work tree's, with the chart's flags; build it first
  floor          a client that creates the same objects, 32 requests at once: create and large only
  peer           the KubeRay operator of --peer`,
		Example: `  bench run
  bench run --clusters 5000 --scenario create
  bench run --clusters 200 --scenario create,delete --operator sp-ray --jvm-option=-XX:TieredStopAtLevel=1
  bench run --peer ./kuberay-operator --peer-crds kuberay/config/crd/bases --json all.json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Clusters, "clusters", 1000, "clusters that are created")
	flags.IntVar(&o.Workers, "workers", 3, "workers of each")
	flags.IntVar(&o.Large, "large", 1000, "workers of the one cluster of the scenario large")
	flags.IntVar(&o.Broken, "broken", 1000, "the other tenant's clusters in the scenario broken")
	flags.IntVar(&o.Own, "own", 200, "the clusters created beside them")
	flags.StringSliceVar(&scenarios, "scenario", scenario.All, "what to measure")
	flags.StringSliceVar(&operators, "operator", nil, "whom to measure (default: sp-ray, floor, and peer if --peer is given)")
	flags.StringVar(&o.Peer, "peer", "", "path of a KubeRay operator")
	flags.StringVar(&o.PeerCRDs, "peer-crds", "", "directory with its CRDs")
	flags.StringArrayVar(&o.PeerArgs, "peer-arg", nil, "a further flag for it; may be repeated")
	flags.StringVar(&o.JVM.Jar, "jar", "", "another build of sp-ray, with its libraries in lib/ beside it")
	flags.StringVar(&o.JVM.Heap, "heap", "", "sp-ray's largest heap, as in -Xmx (default: the chart's)")
	flags.StringArrayVar(&o.JVM.Options, "jvm-option", nil, "a further option of sp-ray's Java machine; may be repeated")
	flags.StringArrayVar(&o.JVM.Args, "operator-arg", nil, "a further flag of sp-ray; may be repeated")
	flags.StringVar(&o.Dir, "dir", "", "for the testbed and the operators' logs (default: target/bench in the repository)")
	flags.DurationVar(&o.Quiet, "quiet", time.Minute, "wait this long before each measurement for a machine that does nothing else")
	flags.DurationVar(&o.Timeout, "timeout", 45*time.Minute, "for one operator on one testbed")
	flags.StringVar(&json, "json", "", "write the results to this file")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		if o.Root, err = repositoryRoot(); err != nil {
			return err
		}
		if o.Dir == "" {
			o.Dir = filepath.Join(o.Root, "target", "bench")
		}
		if o.Dir, err = filepath.Abs(o.Dir); err != nil {
			return err
		}
		if len(operators) == 0 {
			operators = []string{scenario.SpRay, scenario.Floor}
			if o.Peer != "" {
				operators = append(operators, scenario.Peer)
			}
		}
		if err := check(o, operators, scenarios); err != nil {
			return err
		}
		if err := os.MkdirAll(o.Dir, 0o755); err != nil {
			return err
		}
		jdk, err := operator.JDK(o.Root)
		if err != nil {
			return err
		}
		r := report.Report{Started: time.Now(), Machine: report.ThisMachine(o.Root, jdk)}
		r.Machine.JVMOptions, r.Machine.PeerArgs = o.JVM.Options, o.PeerArgs
		for _, name := range operators {
			err := scenario.Run(cmd.Context(), o, name, scenarios, func(result report.Result) {
				r.Results = append(r.Results, result)
			})
			if json != "" {
				err = errors.Join(err, r.Write(json))
			}
			if err != nil {
				return err
			}
		}
		fmt.Print(r.Tables())
		return nil
	}
	return cmd
}

func check(o scenario.Options, operators, scenarios []string) error {
	for _, name := range scenarios {
		if !slices.Contains(scenario.All, name) {
			return fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(scenario.All, ", "))
		}
	}
	known := []string{scenario.SpRay, scenario.Floor, scenario.Peer}
	for _, name := range operators {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no operator %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	if slices.Contains(operators, scenario.Peer) && (o.Peer == "" || o.PeerCRDs == "") {
		return errors.New("to measure a peer, say with --peer where its program is, and with --peer-crds where its CRDs are")
	}
	if o.Clusters < 1 || o.Workers < 1 {
		return errors.New("at least one cluster with one worker is needed")
	}
	return nil
}
