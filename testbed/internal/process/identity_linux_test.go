package process

import (
	"os"
	"testing"
)

func TestNamesWithParenthesesAndBlanks(t *testing.T) {
	const stat = "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 100 200\n"
	pid, state, id := parseIdentity(stat + "boot-1\n")
	if pid != 4711 || state != "S" || id != "987654@boot-1" {
		t.Errorf("got %d, %s, %s", pid, state, id)
	}
}

func TestNonsenseIsNobody(t *testing.T) {
	for _, recorded := range []string{"", "1", "1 (x", "1 (x) S 2 3"} {
		if pid, _, id := parseIdentity(recorded); pid != 0 || id != "" {
			t.Errorf("%q: %d, %s", recorded, pid, id)
		}
	}
}

func TestSameProcessIdInAnotherBootIsAnother(t *testing.T) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		t.Skip(err)
	}
	pid, _, id := parseIdentity(string(stat) + "another boot")
	if pid != os.Getpid() || id == identity(pid) || identity(pid) == "" {
		t.Errorf("%s is taken for %s", id, identity(pid))
	}
}
