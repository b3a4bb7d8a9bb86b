package state

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"sp-ray.dev/testbed/internal/lockfile"
	"sp-ray.dev/testbed/internal/simulation"
)

func lockForTest(t *testing.T, dir string) *lockfile.Lock {
	t.Helper()
	lock, err := Lock(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

func TestLife(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "testbed")
	if Exists(dir) {
		t.Error("it exists before it is made")
	}
	lock := lockForTest(t, dir)
	saved := Testbed{Profile: "sim", Audit: true, Pools: simulation.Sizes{CPU: 1, T4: 2, A100: 3}}
	if err := Save(dir, saved); err != nil {
		t.Fatal(err)
	}
	lock.Unlock()
	if loaded, err := Load(dir); err != nil || loaded != saved {
		t.Errorf("%+v, %v", loaded, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "etcd", "member"), 0o700); err != nil {
		t.Fatal(err)
	}
	lock = lockForTest(t, dir)
	if err := Remove(dir, lock); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(context.Background(), dir); err == nil {
		t.Error("it was accepted")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("it was changed: %v", entries)
	}
}

func TestUpKilledBeforeItsRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "testbed")
	lockForTest(t, dir).Unlock()
	if !Exists(dir) {
		t.Fatal("the rest is not seen")
	}
	if err := Remove(dir, lockForTest(t, dir)); err != nil {
		t.Fatal(err)
	}
	if Exists(dir) {
		t.Error("the rest is still there")
	}
}
