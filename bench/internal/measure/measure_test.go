package measure

import (
	"maps"
	"strings"
	"testing"
	"time"
)

const page = `# HELP apiserver_request_total x
# TYPE apiserver_request_total counter
apiserver_request_total{code="201",resource="pods",subresource="",verb="POST"} 7
apiserver_request_total{code="409",resource="pods",subresource="",verb="POST"} 2
apiserver_request_total{code="200",resource="pods",subresource="status",verb="PATCH"} 5
apiserver_request_total{code="200",resource="",subresource="/healthz",verb="GET"} 100
apiserver_request_total_other{verb="GET"} 1
process_start_time_seconds 1.5e+09
`

func TestRequestsAreCountedByVerbAndResource(t *testing.T) {
	counters, err := Parse(strings.NewReader(page), "apiserver_request_total")
	if err != nil {
		t.Fatal(err)
	}
	if len(counters) != 1 {
		t.Errorf("%v", counters)
	}
	requests := counters["apiserver_request_total"]
	if got, want := requests.By(RequestKey), map[string]int{"POST pods": 9, "PATCH pods/status": 5}; !maps.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if got, want := requests.By(ConflictKey), map[string]int{"POST pods": 2}; !maps.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	refused := requests.Sum(func(labels map[string]string) bool { return labels["code"] >= "400" })
	if refused != 2 {
		t.Errorf("%v refused", refused)
	}
}

func TestDifferenceLeavesOutWhatDidNotMove(t *testing.T) {
	before := map[string]int{"a": 1, "b": 2}
	after := map[string]int{"a": 1, "b": 5, "c": 3}
	if got, want := Difference(before, after), map[string]int{"b": 3, "c": 3}; !maps.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestPercentiles(t *testing.T) {
	var values []time.Duration
	for i := 20; i >= 1; i-- {
		values = append(values, time.Duration(i))
	}
	for p, want := range map[float64]time.Duration{0: 1, 50: 10, 95: 19, 99: 20, 100: 20} {
		if got := Percentile(values, p); got != want {
			t.Errorf("p%v is %d, not %d", p, got, want)
		}
	}
	if Percentile(nil, 50) != 0 {
		t.Error("nothing has no percentiles")
	}
}

func TestCPUOfAProcessWithAnOddName(t *testing.T) {
	got, err := cpuSeconds("12 (a) b ( c)) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0")
	if err != nil || got != 4 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := cpuSeconds("12 (a) S 1"); err == nil {
		t.Error("too short a line is accepted")
	}
}

func TestMemory(t *testing.T) {
	got := residentMemory("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nThreads:\t3\n")
	if got != (Memory{Now: 1, Peak: 2}) {
		t.Errorf("%+v", got)
	}
}

func TestBusyTimeHasNoIdle(t *testing.T) {
	got, err := busySeconds("cpu  100 100 100 5000 7000 100 100 100 40 0\ncpu0 1 1 1 1\n")
	if err != nil || got != 6 {
		t.Errorf("%v, %v", got, err)
	}
}
