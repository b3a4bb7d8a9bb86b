package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/realnodes"
)

// exitMissing tells a script that the machine lacks something from the check
// itself having failed.
const exitMissing = 3

func newCheck() *cobra.Command {
	var name string
	var install bool
	cmd := &cobra.Command{
		Use:   "check --profile api|sim|real",
		Short: "Say what this machine lacks for a profile",
		Long: `check prints what this machine lacks for a profile, all of it, a line each, and then ends with
status 3. It prints nothing and ends with 0 when the profile can be used.`,
		Example: `  testbed check --profile real || echo "using simulated nodes"
  sudo testbed check --profile real --install    # installs missing packages of the distribution`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := findProfile(name); err != nil {
				return err
			}
			if name != "real" {
				return nil // its programs are built when they are needed
			}
			if install {
				if err := installPackages(cmd); err != nil {
					return err
				}
			}
			missing := realnodes.Missing()
			for _, line := range missing {
				fmt.Println(line)
			}
			if len(missing) > 0 {
				os.Exit(exitMissing)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "profile", "", "api, sim or real")
	cmd.Flags().BoolVar(&install, "install", false, "real: install missing packages first (as root)")
	_ = cmd.MarkFlagRequired("profile")
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	return cmd
}

func installPackages(cmd *cobra.Command) error {
	packages := realnodes.MissingPackages()
	if len(packages) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return errors.New("only root can install packages; run: sudo " + realnodes.InstallCommand(packages))
	}
	for _, command := range []string{"apt-get update", realnodes.InstallCommand(packages)} {
		fmt.Fprintln(os.Stderr, command)
		apt := exec.CommandContext(cmd.Context(), "sh", "-c", command)
		apt.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		apt.Stdout, apt.Stderr = os.Stderr, os.Stderr
		if err := apt.Run(); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
	}
	return nil
}
