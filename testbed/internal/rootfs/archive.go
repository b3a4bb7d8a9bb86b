// Package rootfs makes an image out of a root file system directory, without a
// container engine: a tar in the docker-archive layout, which containerd,
// podman and docker import.
package rootfs

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Image says what the image is called and how its container starts.
type Image struct {
	Names      []string // name:tag, at least one
	Entrypoint []string
	Cmd        []string
	Env        []string // KEY=value
	User       string
	WorkingDir string
	// Reproducible gives all files to root and sets all times to one constant,
	// so that the same content makes the same image on every machine.
	Reproducible bool
}

// epoch is the time of everything in a reproducible image. Not zero: some
// programs take a modification time of 0 as "unknown".
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteArchive writes the image of the directory root to path, replacing it
// only when the archive is complete.
func WriteArchive(path, root string, image Image) (err error) {
	if len(image.Names) == 0 {
		return errors.New("an image needs a name")
	}
	if info, err := os.Stat(root); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", root)
	}
	// The layer's digest is part of the configuration, and its size stands
	// before it in the archive: it must be complete first.
	layer, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".layer-*")
	if err != nil {
		return err
	}
	defer func() {
		layer.Close()
		os.Remove(layer.Name())
	}()
	digest := sha256.New()
	if err := writeLayer(io.MultiWriter(layer, digest), root, image.Reproducible); err != nil {
		return err
	}
	partial, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*")
	if err != nil {
		return err
	}
	defer func() {
		partial.Close()
		if err != nil {
			os.Remove(partial.Name())
		}
	}()
	if err := assemble(partial, layer, hex.EncodeToString(digest.Sum(nil)), image); err != nil {
		return err
	}
	if err := partial.Chmod(0o644); err != nil {
		return err
	}
	if err := partial.Close(); err != nil {
		return err
	}
	return os.Rename(partial.Name(), path)
}

// assemble writes configuration, layer and manifest as one docker-archive.
func assemble(out io.Writer, layer *os.File, layerDigest string, image Image) error {
	config, err := json.Marshal(configOf(image, layerDigest))
	if err != nil {
		return err
	}
	configDigest := sha256.Sum256(config)
	configName := hex.EncodeToString(configDigest[:]) + ".json"
	layerName := layerDigest + "/layer.tar"
	manifest, err := json.Marshal([]map[string]any{{
		"Config":   configName,
		"RepoTags": image.Names,
		"Layers":   []string{layerName},
	}})
	if err != nil {
		return err
	}
	size, err := layer.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := layer.Seek(0, io.SeekStart); err != nil {
		return err
	}
	archive := tar.NewWriter(out)
	member := func(name string, size int64, content io.Reader) error {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: size, ModTime: epoch}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err := io.Copy(archive, content)
		return err
	}
	if err := member(configName, int64(len(config)), bytes.NewReader(config)); err != nil {
		return err
	}
	if err := member(layerName, size, layer); err != nil {
		return err
	}
	if err := member("manifest.json", int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
		return err
	}
	return archive.Close()
}

// configOf is the image configuration of the Docker and OCI formats.
func configOf(image Image, layerDigest string) map[string]any {
	config := map[string]any{}
	set := func(key string, values []string) {
		if len(values) > 0 {
			config[key] = values
		}
	}
	set("Entrypoint", image.Entrypoint)
	set("Cmd", image.Cmd)
	set("Env", image.Env)
	if image.User != "" {
		config["User"] = image.User
	}
	if image.WorkingDir != "" {
		config["WorkingDir"] = image.WorkingDir
	}
	return map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"created":      epoch.Format(time.RFC3339),
		"config":       config,
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + layerDigest}},
	}
}
