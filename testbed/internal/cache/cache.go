// Package cache keeps what is built once and used by every testbed of a user.
//
//	bin/<name>-<version>      programs
//	build/<module>-<version>  the generated modules that they are built from, and build logs
//	locks/                    so that two testbeds do not build the same thing twice
package cache

import (
	"context"
	"os"
	"path/filepath"

	"sp-ray.dev/testbed/internal/upstream"
)

// Dir returns the root of the testbed's cache, which exists then if it can be made.
func Dir() string {
	dir := filepath.Join(root(), "testbed")
	_ = os.MkdirAll(dir, 0o755) // a failure shows with a better message when something is written
	return dir
}

func root() string {
	if dir := os.Getenv("SP_RAY_CACHE"); dir != "" {
		return dir
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "sp-ray")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, ".cache", "sp-ray")
}

// Tool returns the path of a built program ("kubelet", "etcd", "kubectl", ...). One that is
// missing is built first, with progress on standard error.
func Tool(ctx context.Context, name string) (string, error) {
	paths, err := Tools(ctx, name)
	if err != nil {
		return "", err
	}
	return paths[name], nil
}

// Tools is Tool for several programs at once; the progress counts them.
func Tools(ctx context.Context, names ...string) (map[string]string, error) {
	paths := map[string]string{}
	var missing []upstream.Component
	for _, name := range names {
		component, err := upstream.Lookup(name)
		if err != nil {
			return nil, err
		}
		paths[name] = binary(component)
		if !exists(paths[name]) {
			missing = append(missing, component)
		}
	}
	for i, component := range missing {
		if err := build(ctx, component, i+1, len(missing)); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func binary(c upstream.Component) string {
	return filepath.Join(Dir(), "bin", c.Name+"-"+c.Module.Version())
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
