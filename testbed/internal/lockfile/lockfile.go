// Package lockfile locks a file against other processes of the testbed.
package lockfile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Lock is a held lock. The kernel drops it when the holder ends, however it ends.
type Lock struct{ file *os.File }

// File is the open file that holds the lock: a child that inherits it holds the lock too.
func (l *Lock) File() *os.File { return l.file }

// Unlock drops the lock. The file stays, so that a waiter does not lock one that is gone.
func (l *Lock) Unlock() { _ = l.file.Close() }

// Remove deletes the file and drops the lock. Waiters notice and lock the next file of the name.
func (l *Lock) Remove() {
	_ = os.Remove(l.file.Name())
	l.Unlock()
}

// Acquire waits for the lock. waiting, if not nil, is called once when another process holds it.
func Acquire(ctx context.Context, path string, waiting func()) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	for {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
		if err != nil {
			return nil, err
		}
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil && stillThere(file, path) {
			return &Lock{file}, nil
		}
		_ = file.Close()
		if err == nil {
			continue // the holder removed the file before it let go
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
		if waiting != nil {
			waiting()
			waiting = nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func stillThere(file *os.File, path string) bool {
	held, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(held, named)
}
