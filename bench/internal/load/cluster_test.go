package load

import (
	"strings"
	"testing"
)

func TestClustersDifferInNameAndSize(t *testing.T) {
	cluster := string(Cluster("a-1", 7))
	for _, part := range []string{`"name":"a-1"`, `"replicas":7`, `"cpu":"50m"`} {
		if !strings.Contains(cluster, part) {
			t.Errorf("%s is not in %s", part, cluster)
		}
	}
}

func TestPodsOfBrokenClustersRequestMoreThanTheirLimit(t *testing.T) {
	cluster := string(Broken("b", 1))
	if strings.Count(cluster, `"limits":{"cpu":"1"},"requests":{"cpu":"2"}`) != 2 {
		t.Error(cluster)
	}
}

func TestNamesAreDifferent(t *testing.T) {
	names := Names("x", 3)
	if len(names) != 3 || names[0] != "x-00000" || names[2] != "x-00002" {
		t.Errorf("%v", names)
	}
}
