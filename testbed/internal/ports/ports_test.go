package ports

import (
	"context"
	"net"
	"strconv"
	"testing"
)

func get(t *testing.T, dir, component string) int {
	t.Helper()
	port, err := Get(context.Background(), dir, component)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestPortsAreKeptAndNobodyElses(t *testing.T) {
	t.Setenv("SP_RAY_CACHE", t.TempDir())
	owner := map[int]string{}
	for range 50 {
		dir := t.TempDir()
		for _, component := range []string{"etcd", "kube-apiserver"} {
			port := get(t, dir, component)
			if port < first || port > last {
				t.Errorf("port %d", port)
			}
			if other, taken := owner[port]; taken {
				t.Errorf("%s has the port of %s", dir, other)
			}
			owner[port] = dir
			if again := get(t, dir, component); again != port {
				t.Errorf("%s: first %d, then %d", component, port, again)
			}
		}
	}
}

func TestReservationsEnd(t *testing.T) {
	t.Setenv("SP_RAY_CACHE", t.TempDir())
	released := t.TempDir()
	port := get(t, released, "etcd")
	if !reserved(port) {
		t.Fatal("it is not reserved")
	}
	if err := Release(released); err != nil {
		t.Fatal(err)
	}
	if reserved(port) {
		t.Error("it is reserved after its release")
	}
	var forgotten int
	t.Run("a testbed", func(t *testing.T) { forgotten = get(t, t.TempDir(), "etcd") })
	if reserved(forgotten) {
		t.Error("the port of a directory that is gone is reserved")
	}
}

func TestUsedPortIsNotFree(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, text, _ := net.SplitHostPort(listener.Addr().String())
	port, _ := strconv.Atoi(text)
	if free(port) {
		t.Errorf("%d counts as free", port)
	}
}
