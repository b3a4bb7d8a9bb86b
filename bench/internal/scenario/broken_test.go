package scenario

import "testing"

func TestOnlyWhatIsToldToFailCounts(t *testing.T) {
	n, err := countFailures([]byte(`{"items": [
		{"status": {"conditions": [{"type": "Ready", "status": "False"}, {"type": "ReplicaFailure", "status": "True"}]}},
		{"status": {"conditions": [{"type": "ReplicaFailure", "status": "False"}]}},
		{"metadata": {"name": "new"}}]}`))
	if n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := countFailures([]byte("<html>")); err == nil {
		t.Error("no list is counted")
	}
}
