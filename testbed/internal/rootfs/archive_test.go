package rootfs

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestArchiveHoldsConfigLayerAndManifest(t *testing.T) {
	root := sampleRoot(t)
	path := filepath.Join(t.TempDir(), "image.tar")
	image := Image{
		Names:      []string{"example.dev/app:1", "docker.io/example/app:1"},
		Entrypoint: []string{"/bin/app"}, Env: []string{"A=b"}, User: "1000", WorkingDir: "/home/app",
	}
	if err := WriteArchive(path, root, image); err != nil {
		t.Fatal(err)
	}
	members := readTar(t, path)

	var manifest []struct {
		Config           string
		RepoTags, Layers []string
	}
	unmarshal(t, members["manifest.json"], &manifest)
	if len(manifest) != 1 || !reflect.DeepEqual(manifest[0].RepoTags, image.Names) || len(manifest[0].Layers) != 1 {
		t.Fatalf("manifest: %+v", manifest)
	}
	var config struct {
		OS     string
		Config struct {
			Entrypoint, Env  []string
			User, WorkingDir string
		}
		Rootfs struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	unmarshal(t, members[manifest[0].Config], &config)
	layer := members[manifest[0].Layers[0]]
	digest := sha256.Sum256([]byte(layer))
	if want := "sha256:" + hex.EncodeToString(digest[:]); config.Rootfs.DiffIDs[0] != want {
		t.Errorf("diff_id %s, the layer's digest is %s", config.Rootfs.DiffIDs[0], want)
	}
	if config.OS != "linux" || config.Config.User != "1000" || config.Config.Entrypoint[0] != "/bin/app" ||
		config.Config.Env[0] != "A=b" || config.Config.WorkingDir != "/home/app" {
		t.Errorf("config: %+v", config)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLayerKeepsModesAndLinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := WriteArchive(path, sampleRoot(t), Image{Names: []string{"a:1"}, Reproducible: true}); err != nil {
		t.Fatal(err)
	}
	headers := map[string]*tar.Header{}
	for name, content := range readTar(t, path) {
		if !strings.HasSuffix(name, "layer.tar") {
			continue
		}
		reader := tar.NewReader(strings.NewReader(content))
		for {
			header, err := reader.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			headers[header.Name] = header
		}
	}
	if h := headers["bin/app"]; h == nil || h.Mode != 0o755 || h.Uid != 0 || !h.ModTime.Equal(epoch) {
		t.Errorf("bin/app: %+v", h)
	}
	if h := headers["bin/same"]; h == nil || h.Typeflag != tar.TypeLink || h.Linkname != "bin/app" {
		t.Errorf("bin/same is not a hard link: %+v", h)
	}
	if h := headers["bin/link"]; h == nil || h.Typeflag != tar.TypeSymlink || h.Linkname != "app" {
		t.Errorf("bin/link is not a symbolic link: %+v", h)
	}
	if h := headers["bin/"]; h == nil || h.Typeflag != tar.TypeDir {
		t.Errorf("bin/: %+v", h)
	}
}

func TestReproducible(t *testing.T) {
	archive := func() string {
		path := filepath.Join(t.TempDir(), "image.tar")
		if err := WriteArchive(path, sampleRoot(t), Image{Names: []string{"a:1"}, Reproducible: true}); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	if archive() != archive() {
		t.Error("the same files make two different images")
	}
}

func TestFailureKeepsTheOldArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteArchive(path, filepath.Join(t.TempDir(), "missing"), Image{Names: []string{"a:1"}}); err == nil {
		t.Error("a missing root is accepted")
	}
	if err := WriteArchive(path, t.TempDir(), Image{}); err == nil {
		t.Error("an image without a name is accepted")
	}
	if content, _ := os.ReadFile(path); string(content) != "old" {
		t.Errorf("the old archive became %q", content)
	}
}

func sampleRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.Mkdir(filepath.Join(root, "bin"), 0o755))
	check(os.WriteFile(filepath.Join(root, "bin", "app"), []byte("app"), 0o755))
	check(os.Link(filepath.Join(root, "bin", "app"), filepath.Join(root, "bin", "same")))
	check(os.Symlink("app", filepath.Join(root, "bin", "link")))
	return root
}

func readTar(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	members := map[string]string{}
	reader := tar.NewReader(file)
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return members
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		members[header.Name] = string(content)
	}
}

func unmarshal(t *testing.T, content string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(content), into); err != nil {
		t.Fatalf("%v: %q", err, content)
	}
}
