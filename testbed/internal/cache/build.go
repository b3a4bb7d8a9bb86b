package cache

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/upstream"
)

// build makes one program. The lock is the module's, since the programs of a module share the
// generated go.mod, which the go command completes.
func build(ctx context.Context, c upstream.Component, number, of int) (err error) {
	title := c.Name + " " + c.Module.Version()
	lock, err := lockModule(ctx, c.Module, title)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	target := binary(c)
	if exists(target) {
		return nil // built by whom we waited for
	}
	step := startProgress(fmt.Sprintf("building %s (%d of %d, first time only)", title, number, of))
	defer func() { step.done(err) }()

	dir, err := prepare(ctx, c.Module)
	if err != nil {
		return fmt.Errorf("build %s: %w", title, err)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	removeLeftovers(target)
	unfinished := fmt.Sprintf("%s.%d.unfinished", target, os.Getpid())
	defer func() { _ = os.Remove(unfinished) }()
	log := filepath.Join(dir, c.Name+".log")
	if err := goBuild(ctx, dir, log, c, unfinished); err != nil {
		return fmt.Errorf("build %s: %w", title, err)
	}
	return os.Rename(unfinished, target)
}

// ModuleDir returns the directory with the sources of the module that a program is built from.
func ModuleDir(ctx context.Context, name string) (string, error) {
	c, err := upstream.Lookup(name)
	if err != nil {
		return "", err
	}
	lock, err := lockModule(ctx, c.Module, c.Module.Name)
	if err != nil {
		return "", err
	}
	defer lock.Unlock()
	downloaded, err := download(ctx, buildDir(c.Module), c.Module)
	return downloaded.Dir, err
}

func buildDir(m upstream.Module) string {
	return filepath.Join(Dir(), "build", m.Name+"-"+m.Version())
}

func lockModule(ctx context.Context, m upstream.Module, title string) (*lockfile.Lock, error) {
	path := filepath.Join(Dir(), "locks", m.Name+"-"+m.Version()+".lock")
	return lockfile.Acquire(ctx, path, func() {
		fmt.Fprintf(os.Stderr, "waiting for %s: another testbed is building it\n", title)
	})
}

// prepare writes the module that builds m's programs: upstream's requirements and checksums.
func prepare(ctx context.Context, m upstream.Module) (string, error) {
	dir := buildDir(m)
	downloaded, err := download(ctx, dir, m)
	if err != nil {
		return "", err
	}
	original, err := os.ReadFile(downloaded.GoMod)
	if err != nil {
		return "", err
	}
	generated, err := upstream.GoMod(m, original)
	if err != nil {
		return "", err
	}
	// The generated text is kept beside go.mod, which the go command completes: as long as it is
	// the same, its work need not be done again.
	seed := filepath.Join(dir, "go.mod.generated")
	if old, err := os.ReadFile(seed); err == nil && bytes.Equal(old, generated) {
		return dir, nil
	}
	sums, err := os.ReadFile(filepath.Join(downloaded.Dir, "go.sum"))
	if err != nil {
		return "", err
	}
	for _, file := range []struct {
		name    string
		content []byte
	}{{"go.sum", sums}, {"go.mod", generated}, {"go.mod.generated", generated}} {
		if err := os.WriteFile(filepath.Join(dir, file.name), file.content, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func goBuild(ctx context.Context, dir, log string, c upstream.Component, target string) error {
	cmd := goCommand(ctx, dir, "build",
		// The checksums of what the generated go.mod adds are completed by the go command.
		"-mod=mod", "-buildvcs=false", "-trimpath", "-ldflags", c.Module.LinkerFlags(), "-o", target, c.Package)
	out, err := os.Create(log)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := checkGo(); err != nil {
		return err
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w\n%s\nthe whole output: %s", err, tail(log, 15), log)
	}
	return nil
}

func goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// Whatever the user's environment says, these are built alike everywhere.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS=", "GOARCH=")
	return cmd
}

// removeLeftovers removes what a build that was killed left: the lock is held, nobody writes it.
func removeLeftovers(target string) {
	leftovers, _ := filepath.Glob(target + ".*.unfinished")
	for _, path := range leftovers {
		_ = os.Remove(path)
	}
}

func tail(path string, lines int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	all := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return strings.Join(all, "\n")
}
