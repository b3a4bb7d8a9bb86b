package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// homeVariable names the directory of the testbed's sources. The launcher sets it.
const homeVariable = "TESTBED_HOME"

// addDirFlag adds --dir; the returned function gives the directory as an absolute path.
func addDirFlag(cmd *cobra.Command) func() (string, error) {
	dir := cmd.Flags().String("dir", "", "the testbed's directory (default: .testbed in the repository's root)")
	_ = cmd.MarkFlagDirname("dir")
	return func() (string, error) {
		if *dir != "" {
			return filepath.Abs(*dir)
		}
		root, err := repositoryRoot()
		return filepath.Join(root, ".testbed"), err
	}
}

// repositoryRoot is above the launcher's directory, or above the working directory when the
// program was not started by the launcher.
func repositoryRoot() (string, error) {
	if home := os.Getenv(homeVariable); home != "" {
		return filepath.Dir(home), nil
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		_, err := os.Stat(filepath.Join(dir, "testbed", "versions.env"))
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return "", errors.New("not in the project's work tree; say with --dir where the testbed is")
		}
	}
}
