package lockfile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestOneHolderAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dir", "lock")
	var holders, most int
	var counting sync.Mutex
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() {
			lock, err := Acquire(context.Background(), path, nil)
			if err != nil {
				t.Error(err)
				return
			}
			counting.Lock()
			holders++
			most = max(most, holders)
			counting.Unlock()
			time.Sleep(2 * time.Millisecond)
			counting.Lock()
			holders--
			counting.Unlock()
			if i%2 == 0 {
				lock.Remove() // waiters must not be content with a file that is gone
			} else {
				lock.Unlock()
			}
		})
	}
	group.Wait()
	if most != 1 {
		t.Errorf("%d holders at once", most)
	}
}

func TestWaiterIsToldAndGivesUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := Acquire(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	told := 0
	if _, err := Acquire(ctx, path, func() { told++ }); !errors.Is(err, context.DeadlineExceeded) || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
}

func TestUnwritableDirectory(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes everywhere")
	}
	if _, err := Acquire(context.Background(), "/lock", nil); err == nil {
		t.Error("no error")
	}
}
