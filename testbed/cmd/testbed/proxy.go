package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/proxy"
	"sp-ray.dev/testbed/internal/state"
)

func newProxy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Put a proxy in front of the API server that makes things go wrong on request",
		Long: `proxy starts a TLS proxy between clients and the API server of a running testbed, or finds the one
that runs, and prints how to reach it as JSON:

  url         a lane that is there from the beginning
  control     the control API, by HTTP: lanes, their rules, counters and logs
  kubeconfig  the administrator's, through that lane
  ca          the certificate that clients have to trust

Clients need bearer tokens: client certificates don't get through. "testbed down" ends it.`,
		Example: `  testbed proxy
  curl -X POST $CONTROL/lanes
  curl -X PUT $CONTROL/lanes/lane-1/rules -d '[{"match": {"verb": "create", "resource": "pods", "nth": 2},
    "phase": "afterCommit", "action": "cut"}]'
  curl $CONTROL/lanes/lane-1`,
		Args: cobra.NoArgs,
	}
	name := cmd.Flags().String("name", "", "of a further proxy beside the first")
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		component := "proxy"
		if *name != "" {
			component += "-" + *name
		}
		return startProxy(cmd.Context(), dir, component)
	}
	cmd.AddCommand(newProxyServe())
	return cmd
}

func startProxy(ctx context.Context, dir, component string) error {
	if !state.Exists(dir) {
		return nothingHere(dir)
	}
	lock, err := state.Lock(ctx, dir)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if _, err := state.Load(dir); errors.Is(err, fs.ErrNotExist) { // a down came first
		return errors.Join(nothingHere(dir), state.Remove(dir, lock))
	} else if err != nil {
		return err
	}
	running, err := proxy.Start(ctx, dir, component, "proxy", "serve")
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(running)
}

// newProxyServe is what the proxy's process runs.
func newProxyServe() *cobra.Command {
	var o proxy.ServeOptions
	cmd := &cobra.Command{
		Use:    "serve",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(cmd *cobra.Command, _ []string) error { return proxy.Serve(cmd.Context(), o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Server, "server", "", "URL of the API server")
	flags.StringVar(&o.CAFile, "ca", "", "its CA")
	flags.StringVar(&o.CertFile, "cert", "", "the lanes' certificate")
	flags.StringVar(&o.KeyFile, "key", "", "its key")
	flags.IntVar(&o.Port, "port", 0, "of the default lane")
	flags.IntVar(&o.ControlPort, "control-port", 0, "of the control API")
	addDirFlag(cmd) // not used, but it shows whose process this is
	return cmd
}
