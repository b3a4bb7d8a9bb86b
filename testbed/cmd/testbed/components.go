package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/realnodes"
	"sp-ray.dev/testbed/internal/state"
)

func newStop() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stop COMPONENT",
		Short: "Stop one component of a running testbed, to see what the others make of it",
		Long: `stop ends one component and returns when its process is gone and its port is free.
With --signal STOP the component is suspended instead: it keeps its connections and answers nothing.
A node of the profile real (node-plain, node-t4, node-a100) ends as by a power failure, with all its
containers, and nobody tells the API server.
Undo either with "testbed start COMPONENT".`,
		Example: `  testbed stop kube-apiserver                  # an orderly stop
  testbed stop kube-apiserver --signal KILL    # a crash
  testbed stop kube-apiserver --signal STOP    # a hang
  testbed stop node-t4                         # a machine that fails`,
		Args: cobra.ExactArgs(1),
	}
	name := cmd.Flags().String("signal", "TERM", "TERM, KILL, STOP or another signal")
	dirOf := addDirFlag(cmd)
	cmd.ValidArgsFunction = completeComponents(dirOf)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		if _, err := state.Load(dir); err != nil {
			return nothingHere(dir)
		}
		signal, err := process.SignalByName(*name)
		if err != nil {
			return err
		}
		if _, err := process.Recorded(dir, args[0]); err != nil {
			return err
		}
		ends := signal == syscall.SIGTERM || signal == syscall.SIGKILL
		switch {
		case realnodes.IsNode(args[0]) && ends:
			return realnodes.StopNode(dir, args[0])
		case realnodes.IsNode(args[0]):
			return errors.New("a node can be ended, but no other signal be sent to it")
		case signal == syscall.SIGTERM:
			return process.Stop(dir, args[0], 90*time.Second)
		case signal == syscall.SIGKILL:
			return process.Stop(dir, args[0], 0)
		default:
			return process.Signal(dir, args[0], signal)
		}
	}
	return cmd
}

func newStart() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "start COMPONENT",
		Short: "Start one component again, or let a suspended one go on",
		Long: `start undoes "testbed stop COMPONENT". For kube-apiserver and for nodes it returns when they are
ready.`,
		Example: `  testbed stop kube-apiserver; sleep 30; testbed start kube-apiserver`,
		Args:    cobra.ExactArgs(1),
	}
	dirOf := addDirFlag(cmd)
	cmd.ValidArgsFunction = completeComponents(dirOf)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		if _, err := state.Load(dir); err != nil {
			return nothingHere(dir)
		}
		return start(cmd.Context(), dir, args[0])
	}
	return cmd
}

func start(ctx context.Context, dir, component string) error {
	begin := time.Now()
	switch {
	case realnodes.IsNode(component):
		if err := realnodes.StartNode(ctx, dir, component); err != nil {
			return err
		}
	case component == "kube-apiserver":
		if err := startServer(ctx, dir); err != nil {
			return err
		}
	default:
		return process.Restart(dir, component)
	}
	fmt.Fprintf(os.Stderr, "%s is ready (%.1f s)\n", component, time.Since(begin).Seconds())
	return nil
}

func startServer(ctx context.Context, dir string) error {
	if err := process.Restart(dir, "kube-apiserver"); err != nil {
		return err
	}
	config, err := controlplane.RESTConfig(dir)
	if err != nil {
		return err
	}
	return controlplane.AwaitServer(ctx, dir, config.Host)
}

func completeComponents(dirOf func() (string, error)) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		dir, err := dirOf()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return process.Names(dir), cobra.ShellCompDirectiveNoFileComp
	}
}
