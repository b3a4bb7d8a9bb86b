package versions

import (
	"os/exec"
	"strings"
	"testing"

	"sp-ray.dev/testbed"
)

func TestParse(t *testing.T) {
	got, err := Parse("# comment\n\nKUBERNETES=1.35.4\n  RAY=2.60.0  \nIMAGE=ray/ray:2.60.0\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"KUBERNETES": "1.35.4", "RAY": "2.60.0", "IMAGE": "ray/ray:2.60.0"}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: got %q, want %q", key, got[key], value)
		}
	}
}

func TestParseRefusesWhatBashWouldReadDifferently(t *testing.T) {
	for _, text := range []string{"RAY", "RAY = 2", `RAY="2 3"`, "ray=2", "RAY=$X", "RAY=1\nRAY=2"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestTheFileItselfReadsTheSameInBash(t *testing.T) {
	parsed, err := Parse(testbed.VersionsFile)
	if err != nil {
		t.Fatal(err)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	for key, value := range parsed {
		command := exec.Command(bash, "-c", `source /dev/stdin; printf %s "${!0}"`, key)
		command.Stdin = strings.NewReader(testbed.VersionsFile)
		out, err := command.Output()
		if err != nil || string(out) != value {
			t.Errorf("%s: bash reads %q (%v), Go reads %q", key, out, err, value)
		}
	}
}
