package operator

import (
	"slices"
	"testing"

	"sp-ray.dev/bench/internal/install"
)

func TestTheJavaMachineIsToldTheMemoryLimit(t *testing.T) {
	chart := install.Command{JVMOptions: []string{"-XX:MaxRAMPercentage=65"}, MemoryLimit: 512 << 20}
	got := JVMOptions(chart, JVM{Heap: "128m", Options: []string{"-Xint"}})
	want := []string{"-XX:MaxRAMPercentage=65", "-XX:MaxRAM=536870912", "-Xmx128m", "-Xint"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if len(chart.JVMOptions) != 1 {
		t.Error("the chart's options were changed")
	}
}

func TestUsedHeapIsOfAllGenerations(t *testing.T) {
	const info = `1234:
DefNew total 9792K, used 1024K [0x1, 0x2, 0x3)
  eden space 8704K,  10% used [0x1, 0x2, 0x3)
Tenured total 21888K, used 2048K [0x1, 0x2, 0x3)
Metaspace       used 9000K, committed 9999K, reserved 1114112K
  class space    used 900K
`
	if got := usedHeap(info); got != 3 {
		t.Errorf("%v", got)
	}
}
