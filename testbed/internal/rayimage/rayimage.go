// Package rayimage makes an image with a real Ray out of the distribution's
// packages and PyPI's wheels, without a container engine or an image registry.
package rayimage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/rootfs"
)

// recipe is raised when a change below makes a different image, so that no
// older one is taken from the cache.
const recipe = 2

// Names are the names under which an image of that Ray version is known: our
// own, and the official one, so that manifests written for it run unchanged.
func Names(version string) []string {
	return []string{"sp-ray.dev/ray:" + version, "docker.io/rayproject/ray:" + version}
}

// Path is where the archive of that Ray version is kept in the cache.
func Path(cacheDir, version string) string {
	return filepath.Join(cacheDir, "images", fmt.Sprintf("ray-%s-r%d.tar", version, recipe))
}

// Archive makes the image when the cache has none and returns its path.
func Archive(ctx context.Context, cacheDir, version string, progress func(string)) (string, error) {
	path := Path(cacheDir, version)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	lock, err := lockfile.Acquire(ctx, filepath.Join(cacheDir, "locks", "ray-image.lock"), func() {
		progress("waiting for the Ray image: another testbed is building it")
	})
	if err != nil {
		return "", err
	}
	defer lock.Unlock()
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	// Left by a build that was killed; nobody else builds while we hold the lock.
	work := filepath.Join(filepath.Dir(path), "ray-build")
	if err := os.RemoveAll(work); err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	progress(fmt.Sprintf("building the image %s (once, 1 to 3 minutes)", Names(version)[0]))
	root, err := build(ctx, work, version, progress)
	if err != nil {
		return "", fmt.Errorf("building the Ray image: %w", err)
	}
	progress("writing the Ray image")
	return path, rootfs.WriteArchive(path, root, rootfs.Image{
		Names:      Names(version),
		Cmd:        []string{"/bin/bash"},
		User:       "1000",
		WorkingDir: "/home/ray",
		Env: []string{
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"HOME=/home/ray", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TERM=xterm",
		},
	})
}
