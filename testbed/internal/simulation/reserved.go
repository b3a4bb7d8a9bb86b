package simulation

// What GKE keeps back from a node is a share that falls with the size: of each step of the
// machine's CPUs and memory another one.
type step struct {
	size     float64
	share    float64
	streamed float64 // the additional share on nodes with image streaming
}

var (
	cpuSteps    = []step{{size: 1, share: 0.06}, {size: 1, share: 0.01}, {size: 2, share: 0.005}, {size: 1e6, share: 0.0025}}
	memorySteps = []step{
		{size: 4, share: 0.25, streamed: 0.10},
		{size: 4, share: 0.20, streamed: 0.08},
		{size: 8, share: 0.10, streamed: 0.04},
		{size: 112, share: 0.06, streamed: 0.024},
		{size: 1e6, share: 0.02, streamed: 0.008},
	}
)

const evictionMiB = 100 // below that much free memory, pods are evicted

func reserved(steps []step, total float64, streaming bool) float64 {
	var sum float64
	for _, s := range steps {
		part := min(total, s.size)
		share := s.share
		if streaming {
			share += s.streamed
		}
		sum += part * share
		total -= part
	}
	return sum
}

func allocatableMilliCPU(cpus int) int64 {
	return int64(1000 * (float64(cpus) - reserved(cpuSteps, float64(cpus), false)))
}

// capacityMiB is what the kernel leaves of a machine's memory.
func capacityMiB(memoryGiB int) int64 {
	total := int64(memoryGiB) << 10
	return total - total/64 - 80
}

func allocatableMiB(memoryGiB int, streaming bool) int64 {
	return capacityMiB(memoryGiB) - int64(1024*reserved(memorySteps, float64(memoryGiB), streaming)) - evictionMiB
}
