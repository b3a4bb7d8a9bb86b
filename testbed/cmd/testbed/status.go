package main

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/controlplane"
	"sp-ray.dev/testbed/internal/process"
	"sp-ray.dev/testbed/internal/state"
)

func newStatus() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what runs",
		Long:  "status shows what runs. It ends with an error when something, or everything, does not.",
		Args:  cobra.NoArgs,
	}
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		t, err := state.Load(dir)
		if err != nil {
			return nothingHere(dir)
		}
		return printStatus(dir, t)
	}
	return cmd
}

func printStatus(dir string, t state.Testbed) error {
	p, err := findProfile(t.Profile)
	if err != nil {
		return err
	}
	fmt.Printf("profile      %s\ndirectory    %s\nkubeconfig   %s\n", t.Profile, dir, controlplane.Kubeconfig(dir))
	if config, err := controlplane.RESTConfig(dir); err == nil {
		fmt.Printf("server       %s\n", config.Host)
	}
	if t.Audit {
		fmt.Printf("audit log    %s\n", controlplane.AuditLog(dir))
	}
	fmt.Print(p.status(dir, t))
	fmt.Println()

	complete := true
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "COMPONENT\tSTATE\tPID\tLOG")
	for _, name := range process.Names(dir) {
		pid, condition := process.Condition(dir, name)
		complete = complete && condition == process.Up
		shown := "-"
		if pid != 0 {
			shown = fmt.Sprint(pid)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, condition, shown, process.LogPath(dir, name))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if !complete {
		return errors.New("not everything runs; `testbed up --profile " + t.Profile + "` repairs it")
	}
	return nil
}
