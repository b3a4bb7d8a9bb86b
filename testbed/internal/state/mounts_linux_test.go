package state

import (
	"slices"
	"testing"
)

func TestParseMounts(t *testing.T) {
	const table = `21 1 8:1 / / rw - ext4 /dev/sda1 rw
30 21 0:30 / /home/me/test\040bed/nodes/a rw - tmpfs tmpfs rw
31 21 0:31 / /home/me/test\040bedding rw - tmpfs tmpfs rw
`
	got := parseMounts(table, "/home/me/test bed")
	if !slices.Equal(got, []string{"/home/me/test bed/nodes/a"}) {
		t.Errorf("got %v", got)
	}
}
