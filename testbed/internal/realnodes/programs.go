package realnodes

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"sp-ray.dev/testbed"
	"sp-ray.dev/testbed/internal/cache"
)

// pauseProgram holds namespaces: a pod's, and a node's.
func pauseProgram(ctx context.Context) (string, error) { return program(ctx, "pause") }

// devicePluginProgram offers named GPUs.
func devicePluginProgram(ctx context.Context) (string, error) { return program(ctx, "device-plugin") }

// program builds one of the testbed's own programs when the cache has none of
// just this source. They are linked statically: pause runs in an empty image.
func program(ctx context.Context, name string) (string, error) {
	source := "cmd/" + name + "/main.go"
	files := map[string][]byte{}
	sum := sha256.New()
	for _, path := range []string{"go.mod", "go.sum", source} {
		content, err := testbed.Programs.ReadFile(path)
		if err != nil {
			return "", err
		}
		files[path] = content
		if path == source || name != "pause" { // which uses no module
			sum.Write(content)
		}
	}
	target := filepath.Join(cache.Dir(), "bin", fmt.Sprintf("%s-%x", name, sum.Sum(nil)[:6]))
	if exists(target) {
		return target, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(cache.Dir(), "build"), 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(filepath.Join(cache.Dir(), "build"), name+"-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	for path, content := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(work, path)), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(work, path), content, 0o644); err != nil {
			return "", err
		}
	}
	unfinished := fmt.Sprintf("%s.%d.unfinished", target, os.Getpid())
	defer os.Remove(unfinished)
	command := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", unfinished, "./cmd/"+name)
	command.Dir = work
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS=", "GOARCH=")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", name, err, out)
	}
	return target, os.Rename(unfinished, target)
}
