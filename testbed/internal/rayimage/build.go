package rayimage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packages of the distribution in the image: Python, what the probes and
// scripts of Ray pods call, and the Redis in which clusters keep their state
// when it is to outlive their heads: tests run it from the same image.
const packages = "python3,python3-pip,python3-venv,ca-certificates,wget,procps,redis-server,redis-tools"

// build makes the root file system below work and returns its directory.
func build(ctx context.Context, work string, image Image, progress func(string)) (string, error) {
	root, wheels := filepath.Join(work, "root"), filepath.Join(work, "wheels")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return "", err
	}
	source, err := machineMirror(ctx)
	if err != nil {
		return "", err
	}
	progress("Ray image: the base system")
	if err := confined(ctx, "debootstrap", "--variant=minbase", "--components="+source.components,
		"--include="+packages, source.release, root, source.uri); err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, "chroot", root, "python3", "-c",
		`import sys; print("%d.%d" % sys.version_info[:2])`).Output()
	if err != nil {
		return "", fmt.Errorf("the Python of the base system: %w", err)
	}
	// Outside, because only this machine's pip knows the machine's index,
	// proxy and certificates.
	progress("Ray image: the wheels of ray " + image.Version)
	if err := os.Mkdir(wheels, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(wheels, lockName), []byte(image.Packages), 0o644); err != nil {
		return "", err
	}
	pythonVersion := strings.TrimSpace(string(out))
	if err := run(ctx, machinePython(ctx, pythonVersion), append([]string{"-m", "pip", "download", "--quiet",
		"--disable-pip-version-check", "--no-cache-dir", "--only-binary=:all:", "--python-version", pythonVersion,
		"--dest", wheels}, image.requirements(wheels)...)...); err != nil {
		return "", err
	}
	progress("Ray image: installing")
	if err := confined(ctx, "sh", append([]string{"-c", install, "install", root, wheels},
		image.requirements("/wheels")...)...); err != nil {
		return "", err
	}
	return root, nil
}

const lockName = "requirements.txt"

// requirements are pip's arguments that name what to install; the lock file is in the directory.
func (i Image) requirements(directory string) []string {
	if i.Packages == "" {
		return []string{"ray[default,serve]==" + i.Version}
	}
	// It names all that its packages need.
	return []string{"--no-deps", "--require-hashes", "--requirement", directory + "/" + lockName}
}

// install runs with $1 root, $2 wheels and pip's arguments. The user is that of the
// official image. Documentation and package lists are of no use in a container.
const install = `set -eu
root=$1 wheels=$2
shift 2
mkdir "$root/wheels"
mount --bind "$wheels" "$root/wheels"
pip_options="--no-index --find-links /wheels --quiet --root-user-action=ignore"
if chroot "$root" pip3 install --help | grep -q break-system-packages; then
  pip_options="$pip_options --break-system-packages"
fi
chroot "$root" pip3 install $pip_options "$@"
umount "$root/wheels"
rmdir "$root/wheels"
ln -s /usr/bin/python3 "$root/usr/local/bin/python"
chroot "$root" useradd --uid 1000 --create-home --home-dir /home/ray --shell /bin/bash ray
chroot "$root" ray --version
cd "$root"
rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* root/.cache tmp/* \
  usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/*
`

// machinePython prefers an interpreter of the image's own version: pip judges
// some conditions in the wheels' requirements by the Python that runs it.
func machinePython(ctx context.Context, version string) string {
	for _, candidate := range []string{"python3", "/usr/bin/python3", "python" + version} {
		out, err := exec.CommandContext(ctx, candidate, "-c",
			`import pip, sys; print("%d.%d" % sys.version_info[:2])`).Output()
		if err == nil && strings.TrimSpace(string(out)) == version {
			return candidate
		}
	}
	return "python3"
}

// confined runs a command in mount and process namespaces of its own: whatever
// it mounts or starts is gone when it ends, also when it is killed.
func confined(ctx context.Context, name string, args ...string) error {
	return run(ctx, "unshare", append([]string{
		"--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "--", name}, args...)...)
}

// run executes a command that ends with this process: a next build starts
// where a killed one stopped writing. The end of its output is the error.
func run(ctx context.Context, name string, args ...string) error {
	command := exec.CommandContext(ctx, "setpriv", append([]string{"--pdeathsig", "KILL", name}, args...)...)
	command.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")
	out, err := command.CombinedOutput()
	if err == nil {
		return nil
	}
	if command.Err != nil {
		return command.Err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) > 15 {
		lines = lines[len(lines)-15:]
	}
	return errors.Join(fmt.Errorf("%s: %w", name, err), errors.New(strings.Join(lines, "\n")))
}
