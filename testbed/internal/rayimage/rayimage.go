// Package rayimage makes an image with a real Ray out of the distribution's
// packages and PyPI's wheels, without a container engine or an image registry.
package rayimage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/rootfs"
)

// recipe is raised when a change below makes a different image, so that no
// older one is taken from the cache.
const recipe = 2

// Image is what an image holds beside the distribution.
type Image struct {
	// Version is that of Ray.
	Version string
	// Packages is a requirements file of pip, with exact versions and hashes. Without one the image
	// has Ray alone, with what it needs as new as it is to be had.
	Packages string
}

// New reads the requirements file, which must be for that version of Ray; "" is none.
func New(version, file string) (Image, error) {
	if file == "" {
		return Image{Version: version}, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return Image{}, fmt.Errorf("the packages of the Ray image: %w", err)
	}
	ray := "ray==" + version
	locked := slices.ContainsFunc(strings.Split(string(content), "\n"), func(line string) bool {
		return strings.TrimSpace(strings.TrimSuffix(line, "\\")) == ray
	})
	if !locked || !strings.Contains(string(content), "--hash=") {
		return Image{}, fmt.Errorf("%s doesn't lock %s with its hashes; deploy/images/ml/lock makes such files anew", file, ray)
	}
	return Image{Version: version, Packages: string(content)}, nil
}

// Names are the names under which an image of that Ray version is known: our
// own, and the official one, so that manifests written for it run unchanged.
func Names(version string) []string {
	return []string{"sp-ray.dev/ray:" + version, "docker.io/rayproject/ray:" + version}
}

// Path is where the image's archive is kept in the cache.
func (i Image) Path(cacheDir string) string {
	name := fmt.Sprintf("ray-%s-r%d", i.Version, recipe)
	if i.Packages != "" {
		name += fmt.Sprintf("-%x", sha256.Sum256([]byte(i.Packages)))[:13]
	}
	return filepath.Join(cacheDir, "images", name+".tar")
}

// Archive makes the image when the cache has none and returns its path.
func (i Image) Archive(ctx context.Context, cacheDir string, progress func(string)) (string, error) {
	path := i.Path(cacheDir)
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
	progress(fmt.Sprintf("building the image %s (once, some minutes)", Names(i.Version)[0]))
	root, err := build(ctx, work, i, progress)
	if err != nil {
		return "", fmt.Errorf("building the Ray image: %w", err)
	}
	progress("writing the Ray image")
	return path, rootfs.WriteArchive(path, root, rootfs.Image{
		Names:      Names(i.Version),
		Cmd:        []string{"/bin/bash"},
		User:       "1000",
		WorkingDir: "/home/ray",
		Env: []string{
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"HOME=/home/ray", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TERM=xterm",
		},
	})
}
