package cache

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sp-ray.dev/testbed/internal/upstream"
)

// fakeGo puts a go command first on the PATH.
func fakeGo(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	t.Setenv("SP_RAY_CACHE", t.TempDir())
}

// fakeModule is a go command that downloads etcd's module, and builds what `building` says.
func fakeModule(t *testing.T, building string) {
	t.Helper()
	module := t.TempDir()
	for name, content := range map[string]string{"go.mod": "module go.etcd.io/etcd/server/v3\n", "go.sum": "sums\n"} {
		if err := os.WriteFile(filepath.Join(module, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fakeGo(t, `
if [ "$1" = mod ]; then
  echo '{"Dir": "`+module+`", "GoMod": "`+module+`/go.mod"}'
  exit
fi
while [ "$1" != -o ]; do shift; done
target=$2
`+building)
}

func TestDir(t *testing.T) {
	home := t.TempDir()
	for _, c := range []struct{ spRay, xdg, want string }{
		{home + "/a", home + "/b", home + "/a/testbed"},
		{"", home + "/b", home + "/b/sp-ray/testbed"},
		{"", "", home + "/.cache/sp-ray/testbed"},
	} {
		t.Setenv("SP_RAY_CACHE", c.spRay)
		t.Setenv("XDG_CACHE_HOME", c.xdg)
		t.Setenv("HOME", home)
		if got := Dir(); got != c.want || !exists(got) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestToolIsBuiltOnceWithTheGeneratedModule(t *testing.T) {
	fakeModule(t, `grep -q sp-ray.dev go.mod && grep -q sums go.sum && [ "$CGO_ENABLED" = 0 ] && echo built >"$target"; echo x >>builds`)
	for range 2 {
		path, err := Tool(context.Background(), "etcd")
		if err != nil {
			t.Fatal(err)
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != "built\n" {
			t.Fatalf("%s: %q, %v", path, content, err)
		}
	}
	etcd, err := upstream.Lookup("etcd")
	if err != nil {
		t.Fatal(err)
	}
	if builds, _ := os.ReadFile(filepath.Join(buildDir(etcd.Module), "builds")); string(builds) != "x\n" {
		t.Errorf("builds: %q", builds)
	}
}

func TestFailedBuildShowsTheEndOfItsOutput(t *testing.T) {
	fakeModule(t, `seq 100; echo 'no space left'; echo half >"$target"; exit 1`)
	_, err := Tool(context.Background(), "etcd")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"build etcd", "no space left", "the whole output: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "\n50\n") {
		t.Errorf("the whole output is in the error: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(Dir(), "bin", "*")); len(left) > 0 {
		t.Errorf("half a program is left: %v", left)
	}
}

func TestRestOfAKilledBuildIsRemoved(t *testing.T) {
	fakeModule(t, `echo built >"$target"`)
	etcd, err := upstream.Lookup("etcd")
	if err != nil {
		t.Fatal(err)
	}
	rest := binary(etcd) + ".4711.unfinished"
	if err := os.MkdirAll(filepath.Dir(rest), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(rest, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Tool(context.Background(), "etcd"); err != nil {
		t.Fatal(err)
	}
	if exists(rest) {
		t.Error("it is still there")
	}
}

func TestMissingGoIsOneLine(t *testing.T) {
	t.Setenv("SP_RAY_CACHE", t.TempDir())
	t.Setenv("PATH", t.TempDir())
	_, err := Tool(context.Background(), "etcd")
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "`go`") || !strings.Contains(err.Error(), "install") {
		t.Errorf("got %v", err)
	}
}

func TestFailedDownloadSaysWhy(t *testing.T) {
	fakeGo(t, `echo '{"Error": "unknown revision"}'; exit 1`)
	_, err := Tool(context.Background(), "etcd")
	if err == nil || !strings.Contains(err.Error(), "unknown revision") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownToolNamesTheKnownOnes(t *testing.T) {
	if _, err := Tool(context.Background(), "docker"); err == nil || !strings.Contains(err.Error(), "kubectl") {
		t.Errorf("got %v", err)
	}
}
