package realnodes

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sp-ray.dev/testbed/internal/cache"
	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/rayimage"
	"sp-ray.dev/testbed/internal/rootfs"
	"sp-ray.dev/testbed/internal/versions"
)

//go:embed prepare-images.sh
var prepareImages string

// databases of containerd are what each node gets a copy of; layers and blobs
// are shared.
var databases = []string{
	"io.containerd.metadata.v1.bolt/meta.db",
	"io.containerd.snapshotter.v1.overlayfs/metadata.db",
}

// preparedImages returns a containerd directory that holds the Ray and pause
// images unpacked. It is made once: importing takes 10 s for each node.
func preparedImages(ctx context.Context, rayPackages string, progress func(string)) (string, error) {
	pause, err := pauseProgram(ctx)
	if err != nil {
		return "", err
	}
	image, err := rayimage.New(versions.Get("RAY"), rayPackages)
	if err != nil {
		return "", err
	}
	ray := image.Path(cache.Dir())
	directory := filepath.Join(cache.Dir(), "images", "containerd-"+preparedKey(pause, ray))
	if exists(directory) {
		return directory, nil
	}
	lock, err := lockfile.Acquire(ctx, filepath.Join(cache.Dir(), "locks", "images.lock"), func() {
		progress("waiting for the images: another testbed is making them")
	})
	if err != nil {
		return "", err
	}
	defer lock.Unlock()
	if exists(directory) {
		return directory, nil
	}
	if _, err := image.Archive(ctx, cache.Dir(), progress); err != nil {
		return "", err
	}
	progress("unpacking the images (once)")
	work := filepath.Join(cache.Dir(), "images", "unpack")
	if err := os.RemoveAll(work); err != nil { // left by one that was killed
		return "", err
	}
	defer os.RemoveAll(work)
	pauseArchive := filepath.Join(work, "pause.tar")
	if err := writePauseImage(filepath.Join(work, "pause"), pause, pauseArchive); err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, "setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private",
		"--pid", "--fork", "--kill-child", "--mount-proc", "--", "sh", "-c", prepareImages, "prepare-images", pauseArchive, ray)
	command.Env = append(os.Environ(), "WORK="+work)
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpacking the images: %w\n%s", err, out)
	}
	return directory, os.Rename(filepath.Join(work, "root"), directory)
}

// preparedKey changes with everything that the prepared directory depends on.
func preparedKey(pause, ray string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		filepath.Base(pause), filepath.Base(ray), prepareImages, pauseImage, strings.Join(rayimage.Names(""), " "),
	}, "\n")))
	return fmt.Sprintf("%x", sum[:6])
}

func writePauseImage(root, pause, archive string) error {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	if err := copyFile(pause, filepath.Join(root, "pause"), 0o755); err != nil {
		return err
	}
	return rootfs.WriteArchive(archive, root, rootfs.Image{
		Names: []string{pauseImage}, Entrypoint: []string{"/pause"}, User: "65535:65535", Reproducible: true,
	})
}

// copyDatabases gives a new node the knowledge of the prepared images.
func copyDatabases(prepared, containerd string) error {
	for _, name := range databases {
		target := filepath.Join(containerd, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o711); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(prepared, name), target, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string, mode os.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}
