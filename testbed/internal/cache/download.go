package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"sp-ray.dev/testbed/internal/upstream"
)

type downloaded struct {
	GoMod string // path of the module's go.mod
	Dir   string // path of the module's files
	Error string
}

// download brings a module into Go's own module cache.
func download(ctx context.Context, dir string, m upstream.Module) (downloaded, error) {
	var d downloaded
	if err := checkGo(); err != nil {
		return d, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return d, err
	}
	cmd := goCommand(ctx, os.TempDir(), "mod", "download", "-json", m.Path+"@v"+m.Version())
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return d, ctx.Err()
	}
	if parseErr := json.Unmarshal(out, &d); parseErr == nil && d.Error != "" {
		return d, fmt.Errorf("download %s: %s", m.Path, d.Error)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return d, fmt.Errorf("download %s: %w\n%s", m.Path, err, exit.Stderr)
	}
	return d, err
}

// checkGo says in one line what to do when there is no go command.
func checkGo() error {
	if _, err := exec.LookPath("go"); err != nil {
		return errors.New("the `go` command is missing; install Go 1.26 or newer: " +
			"`apt-get install golang-go` (if your distribution has it that new), `brew install go`, or https://go.dev/doc/install")
	}
	return nil
}
