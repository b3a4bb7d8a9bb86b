package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sp-ray.dev/testbed/internal/realnodes"
	"sp-ray.dev/testbed/internal/rootfs"
	"sp-ray.dev/testbed/internal/state"
)

func newImage() *cobra.Command {
	var root, output string
	image := rootfs.Image{Reproducible: true}
	cmd := &cobra.Command{
		Use:   "image --rootfs DIR --name NAME -o TAR",
		Short: "Make a container image out of a directory",
		Long: `image makes a container image whose root file system is a directory, without a container engine.
The archive can be loaded by testbed load-image, ctr, podman and docker. The same files make the
same archive: all of them belong to root, with a fixed time.`,
		Example: `  testbed image --rootfs target/image --name sp-ray.dev/operator:dev \
    --entrypoint /opt/java/bin/java --entrypoint -jar --entrypoint /app/operator.jar --user 65532 -o target/operator.tar
  testbed load-image target/operator.tar`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return rootfs.WriteArchive(output, root, image)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&root, "rootfs", "", "directory with the image's files")
	flags.StringArrayVar(&image.Names, "name", nil, "the image's name and tag (several: several names)")
	flags.StringVarP(&output, "output", "o", "", "the archive to write")
	flags.StringArrayVar(&image.Entrypoint, "entrypoint", nil, "program to run, then one for each of its fixed arguments")
	flags.StringArrayVar(&image.Cmd, "cmd", nil, "default argument (several: several arguments)")
	flags.StringArrayVar(&image.Env, "env", nil, "KEY=value (several: several variables)")
	flags.StringVar(&image.User, "user", "", "user to run as, UID or UID:GID (default root)")
	flags.StringVar(&image.WorkingDir, "workdir", "", "directory to run in (default /)")
	for _, name := range []string{"rootfs", "name", "output"} {
		_ = cmd.MarkFlagRequired(name)
	}
	_ = cmd.MarkFlagDirname("rootfs")
	return cmd
}

func newLoadImage() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "load-image TAR",
		Short: "Make an image known to the nodes of a testbed with the profile real",
		Long: `load-image imports a docker-archive on all nodes. A pod that uses the image must not have
imagePullPolicy: Always, which is the default for the tag latest: there is no registry.`,
		Args: cobra.ExactArgs(1),
	}
	dirOf := addDirFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, archives []string) error {
		dir, err := dirOf()
		if err != nil {
			return err
		}
		t, err := state.Load(dir)
		if err != nil {
			return nothingHere(dir)
		}
		if t.Profile != "real" {
			return errors.New("the testbed in " + dir + " has the profile " + t.Profile + ", whose nodes run no containers")
		}
		if err := realnodes.LoadImage(cmd.Context(), dir, archives[0]); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s is loaded on all nodes\n", archives[0])
		return nil
	}
	return cmd
}
