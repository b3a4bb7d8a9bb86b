package realnodes

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// run executes a command and returns its output; the error carries what the
// command said.
func run(ctx context.Context, name string, args ...string) (string, error) {
	return runWithInput(ctx, "", name, args...)
}

func runWithInput(ctx context.Context, input, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, name, args...)
	command.Stdin = strings.NewReader(input)
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(command.Args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
