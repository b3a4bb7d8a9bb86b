package rayimage

import "testing"

func TestChooseMirror(t *testing.T) {
	targets := "Some Vendor|https://vendor.example/apt|bookworm|main\n" +
		"Debian|http://mirror.example/debian|bookworm-updates|main\n" +
		"Debian|http://mirror.example/debian|bookworm|main\n" +
		"Debian|http://mirror.example/debian|bookworm|contrib\n" +
		"Debian|http://other.example/debian|trixie|main\n"
	chosen, err := chooseMirror(targets)
	if err != nil {
		t.Fatal(err)
	}
	if want := (mirror{"http://mirror.example/debian", "bookworm", "main,contrib"}); chosen != want {
		t.Errorf("got %+v, want %+v", chosen, want)
	}
}

func TestNoMirror(t *testing.T) {
	if _, err := chooseMirror("Some Vendor|https://vendor.example/apt|stable|main\n"); err == nil {
		t.Error("a vendor's source is taken for the distribution's")
	}
}
