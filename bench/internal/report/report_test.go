package report

import (
	"path/filepath"
	"strings"
	"testing"
)

func sample() Report {
	return Report{Results: []Result{
		{Scenario: "create", Operator: "sp-ray", Clusters: 10, Workers: 3, Seconds: 3, Requests: map[string]int{
			"create pods": 40, "patch services": 10, "create events": 30, "any leases": 5, "list any": 3, "patch rayclusters/status": 20,
		}, Conflicts: map[string]int{"POST pods": 2}},
		{Scenario: "create", Operator: "floor", Clusters: 10, Workers: 3, Seconds: 2},
		{Scenario: "create", Operator: "peer", Clusters: 10, Workers: 3, Seconds: 6},
	}}
}

func TestWritesAreWithoutEventsLeasesAndReads(t *testing.T) {
	result := sample().Results[0]
	if result.Writes() != 70 || result.Events() != 30 || result.ConflictCount() != 2 {
		t.Errorf("%d writes, %d events, %d conflicts", result.Writes(), result.Events(), result.ConflictCount())
	}
}

func TestTablesHoldFiguresAndRatios(t *testing.T) {
	tables := sample().Tables()
	for _, part := range []string{
		"create: sp-ray takes 1.50 × the floor", "create: sp-ray takes 0.50 × the peer", "create: peer takes 3.00 × the floor",
		"10 × 3", "patch rayclusters/status 20",
	} {
		if !strings.Contains(tables, part) {
			t.Errorf("%q is not in\n%s", part, tables)
		}
	}
}

func TestCellsOfAColumnAreEquallyWide(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(table([][]string{{"a", "b"}, {"×××", "x"}})), "\n")
	for _, line := range lines {
		if len([]rune(line)) != len([]rune(lines[0])) {
			t.Errorf("%q and %q", line, lines[0])
		}
	}
}

func TestAReportIsReadAsItWasWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.json")
	if err := sample().Write(file); err != nil {
		t.Fatal(err)
	}
	read, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if found, ok := read.Find("create/peer"); !ok || found.Seconds != 6 {
		t.Errorf("%+v", read)
	}
}

func TestValuesOfFilesOfPairs(t *testing.T) {
	if got := value("x: 1\nmodel name\t: A \"B\n", "model name", ":"); got != `A "B` {
		t.Errorf("%q", got)
	}
}
