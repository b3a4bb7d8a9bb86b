package rayimage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sp-ray.dev/testbed/internal/versions"
)

func TestALockFileHasToBeForThisRay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tools.txt")
	for content, good := range map[string]bool{
		"ray==2.60.0 \\\n    --hash=sha256:abc\n":   true,
		"ray==2.60.1 \\\n    --hash=sha256:abc\n":   false,
		"array==2.60.0 \\\n    --hash=sha256:abc\n": false,
		"torch==2.15.0 \\\n    --hash=sha256:abc\n": false,
		"ray==2.60.0\n": false, // anything could be behind it
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		image, err := New("2.60.0", file)
		if good && (err != nil || image.Packages != content) {
			t.Errorf("%q: %+v, %v", content, image, err)
		}
		if !good && (err == nil || !strings.Contains(err.Error(), "deploy/images/ml/lock")) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, err := New("2.60.0", file+".missing"); err == nil {
		t.Error("a file that isn't there is taken")
	}
}

func TestTheProjectsLockFilesAreForTheTestbedsRay(t *testing.T) {
	files, err := filepath.Glob("../../../deploy/images/ml/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if _, err := New(versions.Get("RAY"), file); err != nil {
			t.Error(err)
		}
	}
}

func TestEachSetOfPackagesIsAnImageOfItsOwn(t *testing.T) {
	plain, some, others := Image{"2.60.0", ""}, Image{"2.60.0", "some"}, Image{"2.60.0", "others"}
	paths := map[string]bool{}
	for _, image := range []Image{plain, some, others, {"2.60.0", "some"}} {
		paths[image.Path("/cache")] = true
	}
	if len(paths) != 3 {
		t.Error(paths)
	}
	if arguments := strings.Join(some.requirements("/wheels"), " "); !strings.Contains(arguments, "--require-hashes") {
		t.Error(arguments)
	}
	if arguments := strings.Join(plain.requirements("/wheels"), " "); arguments != "ray[default,serve]==2.60.0" {
		t.Error(arguments)
	}
}
