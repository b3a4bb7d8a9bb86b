package upstream

import (
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

const kubernetesGoMod = `module k8s.io/kubernetes

go 1.25.0

godebug default=go1.25

require (
	github.com/spf13/cobra v1.10.0
	k8s.io/api v0.0.0
	k8s.io/apimachinery v0.0.0
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/apimachinery => ./staging/src/k8s.io/apimachinery
)

replace example.org/fork => example.org/other v1.2.3
`

func parsed(t *testing.T, m Module, upstream string) *modfile.File {
	t.Helper()
	generated, err := GoMod(m, []byte(upstream))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", generated, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, generated)
	}
	return file
}

func requires(file *modfile.File) map[string]string {
	versions := map[string]string{}
	for _, r := range file.Require {
		versions[r.Mod.Path] = r.Mod.Version
	}
	return versions
}

func TestStagingModulesGetTheirReleasedVersions(t *testing.T) {
	file := parsed(t, kubernetes, kubernetesGoMod)
	want, err := stagingVersion(kubernetes.Version())
	if err != nil {
		t.Fatal(err)
	}
	replaced := map[string]string{}
	for _, r := range file.Replace {
		replaced[r.Old.Path] = r.New.Path + "@" + r.New.Version
	}
	for path, target := range map[string]string{
		"k8s.io/api":          "k8s.io/api@" + want,
		"k8s.io/apimachinery": "k8s.io/apimachinery@" + want,
		"example.org/fork":    "example.org/other@v1.2.3",
	} {
		if replaced[path] != target {
			t.Errorf("%s is replaced by %q, want %q", path, replaced[path], target)
		}
	}
	if got := requires(file)["k8s.io/kubernetes"]; got != "v"+kubernetes.Version() {
		t.Errorf("k8s.io/kubernetes is required as %q", got)
	}
	if got := requires(file)["github.com/spf13/cobra"]; got != "v1.10.0" {
		t.Errorf("upstream's cobra became %q", got)
	}
	if file.Module.Mod.Path != buildModule || file.Go.Version != "1.25.0" || len(file.Godebug) != 1 {
		t.Errorf("module %s, go %s, godebug %v", file.Module.Mod.Path, file.Go.Version, file.Godebug)
	}
}

func TestOtherDirectoriesAreDropped(t *testing.T) {
	file := parsed(t, etcd, `module go.etcd.io/etcd/server/v3

go 1.24

require go.etcd.io/etcd/api/v3 v3.6.5

replace go.etcd.io/etcd/api/v3 => ../api

replace go.etcd.io/etcd => ./FORBIDDEN_DEPENDENCY
`)
	if len(file.Replace) != 0 {
		t.Errorf("replacements are left: %v", file.Replace)
	}
	if got := requires(file)["go.etcd.io/etcd/api/v3"]; got != "v3.6.5" {
		t.Errorf("the sibling is required as %q", got)
	}
}

func TestEveryComponentHasAVersionAndBelongsToItsModule(t *testing.T) {
	for _, c := range components {
		if c.Module.Version() == "" || !strings.HasPrefix(c.Package, c.Module.Path) {
			t.Errorf("%+v", c)
		}
	}
	if _, err := Lookup("kube-apiserver"); err != nil {
		t.Error(err)
	}
	if _, err := Lookup("nosuch"); err == nil || !strings.Contains(err.Error(), "kubectl") {
		t.Errorf("unknown tool: %v", err)
	}
}

func TestKubernetesIsToldItsVersion(t *testing.T) {
	flags := kubernetes.LinkerFlags()
	if want := "-X k8s.io/component-base/version.gitVersion=v" + kubernetes.Version(); !strings.Contains(flags, want) {
		t.Errorf("%s lacks %s", flags, want)
	}
}
