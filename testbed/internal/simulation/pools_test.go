package simulation

import (
	"net"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestNodesLookLikeGKEs(t *testing.T) {
	nodes := Nodes(Sizes{CPU: 3, T4: 2, A100: 2})
	if len(nodes) != 7 {
		t.Fatalf("%d nodes", len(nodes))
	}
	names := map[string]bool{}
	streaming, pools := map[string]int{}, map[string]int{}
	for _, node := range nodes {
		pool := node.Labels["cloud.google.com/gke-nodepool"]
		pools[pool]++
		if node.Labels["cloud.google.com/gke-image-streaming"] == "true" {
			streaming[pool]++
		}
		if names[node.Name] || node.Labels["kubernetes.io/hostname"] != node.Name {
			t.Errorf("name %s, hostname %s", node.Name, node.Labels["kubernetes.io/hostname"])
		}
		names[node.Name] = true
		gpus := node.Status.Allocatable[GPUResource]
		if hasGPU := pool != "cpu"; hasGPU != (gpus.Value() == 1) || hasGPU != (len(node.Spec.Taints) == 1) ||
			hasGPU != (node.Labels["cloud.google.com/gke-accelerator-count"] == "1") {
			t.Errorf("%s: %d GPUs, taints %v", node.Name, gpus.Value(), node.Spec.Taints)
		}
	}
	for pool, size := range map[string]int{"cpu": 3, "t4": 2, "a100": 2} {
		if pools[pool] != size || streaming[pool] < 1 || streaming[pool] >= size {
			t.Errorf("pool %s: %d nodes, %d with image streaming", pool, pools[pool], streaming[pool])
		}
	}
	taint := corev1.Taint{Key: "nvidia.com/gpu", Value: "present", Effect: corev1.TaintEffectNoSchedule}
	if got := nodes[3].Spec.Taints[0]; got != taint {
		t.Errorf("taint %v", got)
	}
	if got := nodes[5].Labels["cloud.google.com/gke-accelerator"]; got != "nvidia-tesla-a100" {
		t.Errorf("accelerator %s", got)
	}
}

func TestHalfOfALargePoolStreamsInBothZones(t *testing.T) {
	streaming := map[string]int{}
	for _, node := range Nodes(Sizes{CPU: 100}) {
		if node.Labels["cloud.google.com/gke-image-streaming"] == "true" {
			streaming[node.Labels["topology.kubernetes.io/zone"]]++
		}
	}
	for _, zone := range zones {
		if streaming[zone] != 25 {
			t.Errorf("%s: %d nodes with image streaming, want 25", zone, streaming[zone])
		}
	}
}

func TestNoTwoNodesShareAnAddress(t *testing.T) {
	seen := map[string]string{}
	for _, node := range Nodes(Sizes{CPU: 1000, T4: 1000, A100: 1000}) {
		address := node.Status.Addresses[0].Address
		if other, twice := seen[address]; twice || net.ParseIP(address) == nil {
			t.Fatalf("%s has the address %s, like %q", node.Name, address, other)
		}
		seen[address] = node.Name
	}
}

func TestAllocatableIsLessThanCapacity(t *testing.T) {
	for _, c := range []struct {
		machine          machine
		milliCPU         int64
		memoryGiB        float64
		fitsCPU, fitsMem int64 // the worker that users get by default, in CPUs and GiB
	}{
		{cpuMachine, 15890, 55.1, 15, 48},
		{t4Machine, 15890, 51.4, 15, 48},
		{a100Machine, 11900, 73.9, 11, 68},
	} {
		list := c.machine.allocatable(true)
		cpu, memory := list.Cpu().MilliValue(), list.Memory().Value()
		if cpu != c.milliCPU {
			t.Errorf("%s: %dm CPU allocatable, want %dm", c.machine.pool, cpu, c.milliCPU)
		}
		if gib := float64(memory) / (1 << 30); gib < c.memoryGiB-0.2 || gib > c.memoryGiB+0.2 {
			t.Errorf("%s: %.2f GiB allocatable, want %.1f", c.machine.pool, gib, c.memoryGiB)
		}
		if cpu < c.fitsCPU*1000 || memory < c.fitsMem<<30 {
			t.Errorf("%s: the default worker does not fit", c.machine.pool)
		}
		more, all := c.machine.allocatable(false), c.machine.capacity()
		if more.Memory().Cmp(*list.Memory()) <= 0 || more.Memory().Cmp(*all.Memory()) >= 0 {
			t.Errorf("%s: memory without image streaming %s", c.machine.pool, more.Memory())
		}
	}
}

func TestSizes(t *testing.T) {
	for _, s := range []Sizes{{}, {CPU: -1, T4: 5}, {CPU: 999, T4: 1, A100: 1}} {
		if s.Check() == nil {
			t.Errorf("%v was accepted", s)
		}
	}
	for _, s := range []Sizes{DefaultSizes, {A100: 1}, {CPU: 600, T4: 200, A100: 200}} {
		if err := s.Check(); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
}
