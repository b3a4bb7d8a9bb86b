// Package state is a testbed's directory: what runs in it, who works on it, and how it goes away.
package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/simulation"
)

// Testbed is what the directory records before anything is started in it.
type Testbed struct {
	Profile string           `json:"profile"`
	Audit   bool             `json:"audit,omitempty"`
	Pools   simulation.Sizes `json:"pools"`
	// RayPackages is the path of a lock file with what the Ray image of real nodes has.
	RayPackages string `json:"rayPackages,omitempty"`
}

const (
	recordName = "testbed.json"
	lockName   = "lock"
	ignoreName = ".gitignore"
)

// Load reads the record. There is none when the error is fs.ErrNotExist.
func Load(dir string) (Testbed, error) {
	var t Testbed
	content, err := os.ReadFile(filepath.Join(dir, recordName))
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(content, &t); err != nil {
		return t, fmt.Errorf("%s: %w", filepath.Join(dir, recordName), err)
	}
	return t, nil
}

// Save writes the record.
func Save(dir string, t Testbed) error {
	// The default directory is in the work tree, and nothing in it belongs into a commit.
	if err := os.WriteFile(filepath.Join(dir, ignoreName), []byte("*\n"), 0o644); err != nil {
		return err
	}
	content, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, recordName)
	if err := os.WriteFile(path+".new", append(content, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Lock makes sure that one command at a time works on the directory, which it creates. It refuses
// a directory that holds something else: the end of a testbed removes everything in it.
func Lock(ctx context.Context, dir string) (*lockfile.Lock, error) {
	if err := checkOurs(dir); err != nil {
		return nil, err
	}
	return lockfile.Acquire(ctx, filepath.Join(dir, lockName), func() {
		fmt.Fprintf(os.Stderr, "waiting: another command works on the testbed in %s\n", dir)
	})
}

// Exists says whether there is anything of a testbed in the directory.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, lockName))
	if err != nil {
		_, err = os.Stat(filepath.Join(dir, recordName))
	}
	return err == nil
}

func checkOurs(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	ours := len(entries) == 0 || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() == recordName || e.Name() == lockName
	})
	if !ours {
		return fmt.Errorf("%s is not empty and holds no testbed; choose another directory with --dir", dir)
	}
	return nil
}

// Remove deletes the directory, whose lock is held. The record and the lock go last, so that a
// removal that is cut off can be repeated.
func Remove(dir string, lock *lockfile.Lock) error {
	mounts, err := mountsBelow(dir)
	if err != nil {
		return err
	}
	if len(mounts) > 0 {
		return fmt.Errorf("%s is kept: there are still file systems mounted in it: %v", dir, mounts)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == recordName || e.Name() == lockName {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, recordName)); err != nil {
		return err
	}
	lock.Remove()
	// Another command may have come in between: then the directory is its own already.
	_ = os.Remove(dir)
	return nil
}
