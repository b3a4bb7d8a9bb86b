package upstream

import (
	"fmt"
	"strings"

	"golang.org/x/mod/modfile"
)

// buildModule is the name of the generated modules. Nothing imports it.
const buildModule = "sp-ray.dev/testbed/build"

// GoMod makes the go.mod of a module that builds the programs of m, from the go.mod that m was
// released with. The required versions stay upstream's own, so that the programs are made of the
// same sources as the released ones.
//
// Two things have to change. `go install m@version` refuses a go.mod that replaces anything, and
// replacements by a directory exist in upstream's repository only. Kubernetes replaces its
// staging modules that way and requires them as v0.0.0: they get their released versions. Other
// projects replace siblings that they also require by release: there the replacement is dropped.
func GoMod(m Module, upstream []byte) ([]byte, error) {
	file, err := modfile.Parse(m.Path+"/go.mod", upstream, nil)
	if err != nil {
		return nil, err
	}
	if err := file.AddModuleStmt(buildModule); err != nil {
		return nil, err
	}
	var replacements []modfile.Replace // values: dropping one clears what the pointer points to
	for _, r := range file.Replace {
		replacements = append(replacements, *r)
	}
	for _, replaced := range replacements {
		if !modfile.IsDirectoryPath(replaced.New.Path) {
			continue
		}
		if err := file.DropReplace(replaced.Old.Path, replaced.Old.Version); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(replaced.New.Path, "./staging/") {
			continue
		}
		released, err := stagingVersion(m.Version())
		if err != nil {
			return nil, err
		}
		if err := file.AddReplace(replaced.Old.Path, "", replaced.Old.Path, released); err != nil {
			return nil, err
		}
	}
	if err := file.AddRequire(m.Path, "v"+m.Version()); err != nil {
		return nil, err
	}
	file.Cleanup()
	return file.Format()
}

// stagingVersion is the version under which the staging modules of a Kubernetes release are
// published: 1.35.4 as v0.35.4.
func stagingVersion(kubernetes string) (string, error) {
	rest, ok := strings.CutPrefix(kubernetes, "1.")
	if !ok {
		return "", fmt.Errorf("Kubernetes %s: staging modules are known for versions 1.x only", kubernetes)
	}
	return "v0." + rest, nil
}
