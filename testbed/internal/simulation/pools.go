// Package simulation adds simulated nodes to a control plane: KWOK plays their kubelets.
package simulation

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sp-ray.dev/testbed/internal/versions"
)

// Sizes says how many nodes each pool has.
type Sizes struct {
	CPU  int `json:"cpu"`
	T4   int `json:"t4"`
	A100 int `json:"a100"`
}

// DefaultSizes is a small cluster with room for several Ray clusters.
var DefaultSizes = Sizes{CPU: 3, T4: 2, A100: 2}

// MaxNodes is what one simulated cluster is known to bear.
const MaxNodes = 1000

// Total is the number of nodes.
func (s Sizes) Total() int { return s.CPU + s.T4 + s.A100 }

// Check refuses sizes that cannot be.
func (s Sizes) Check() error {
	if s.CPU < 0 || s.T4 < 0 || s.A100 < 0 {
		return fmt.Errorf("a pool cannot have fewer than 0 nodes")
	}
	if s.Total() < 1 || s.Total() > MaxNodes {
		return fmt.Errorf("%d nodes were asked for; 1 to %d are possible", s.Total(), MaxNodes)
	}
	return nil
}

func (s Sizes) String() string {
	return fmt.Sprintf("%d cpu, %d t4, %d a100", s.CPU, s.T4, s.A100)
}

// machine is a Google machine type with its accelerators.
type machine struct {
	pool, family, machineType string
	cpus, memoryGiB           int
	accelerator               string // "" is none
	accelerators              int
}

var (
	cpuMachine  = machine{pool: "cpu", family: "e2", machineType: "e2-standard-16", cpus: 16, memoryGiB: 64}
	t4Machine   = machine{pool: "t4", family: "n1", machineType: "n1-standard-16", cpus: 16, memoryGiB: 60, accelerator: "nvidia-tesla-t4", accelerators: 1}
	a100Machine = machine{pool: "a100", family: "a2", machineType: "a2-highgpu-1g", cpus: 12, memoryGiB: 85, accelerator: "nvidia-tesla-a100", accelerators: 1}
)

const (
	region = "europe-west4"
	// GPUResource is how pods ask for GPUs, and the key of the taint on the nodes that have them.
	GPUResource = "nvidia.com/gpu"
	// The annotation marks the nodes that KWOK plays; a label would be one that GKE's nodes do not have.
	managedAnnotation, managedValue = "kwok.x-k8s.io/node", "fake"
)

// Both zones have all three machine types.
var zones = []string{region + "-a", region + "-b"}

// Nodes makes the nodes of all pools.
func Nodes(s Sizes) []*corev1.Node {
	var nodes []*corev1.Node
	for number, pool := range []struct {
		machine machine
		size    int
	}{{cpuMachine, s.CPU}, {t4Machine, s.T4}, {a100Machine, s.A100}} {
		for i := range pool.size {
			// The address depends on the pool and the place in it only, so that a node keeps its
			// own when pools grow.
			address := fmt.Sprintf("10.0.%d.%d", number*8+i/250, i%250+1)
			nodes = append(nodes, pool.machine.node(i, address))
		}
	}
	return nodes
}

func (m machine) node(index int, address string) *corev1.Node {
	name := fmt.Sprintf("gke-testbed-%s-%03d", m.pool, index)
	// Half of each pool, beginning with the first node, has image streaming on. In pairs, so that
	// both zones have nodes of either kind.
	streaming := index/2%2 == 0 && index%2 == 0 || index/2%2 == 1 && index%2 == 1
	zone := zones[index%len(zones)]
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Labels:      m.labels(name, zone, streaming),
			Annotations: map[string]string{managedAnnotation: managedValue},
		},
		Spec: corev1.NodeSpec{ProviderID: "gce://testbed/" + zone + "/" + name},
		Status: corev1.NodeStatus{
			// Ready from the start, as KWOK would make it a moment later: a thousand updates less.
			Phase:       corev1.NodeRunning,
			Conditions:  conditions(),
			Capacity:    m.capacity(),
			Allocatable: m.allocatable(streaming),
			NodeInfo: corev1.NodeSystemInfo{
				Architecture:            "amd64",
				OperatingSystem:         "linux",
				OSImage:                 "Container-Optimized OS from Google",
				KubeletVersion:          "v" + versions.Get("KUBERNETES"),
				ContainerRuntimeVersion: "kwok://" + versions.Get("KWOK"),
			},
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: address},
				{Type: corev1.NodeHostName, Address: name},
			},
		},
	}
	if m.accelerator != "" {
		node.Spec.Taints = []corev1.Taint{{Key: GPUResource, Value: "present", Effect: corev1.TaintEffectNoSchedule}}
	}
	return node
}

func conditions() []corev1.NodeCondition {
	now := metav1.Now()
	condition := func(kind corev1.NodeConditionType, status corev1.ConditionStatus, reason, message string) corev1.NodeCondition {
		return corev1.NodeCondition{
			Type: kind, Status: status, Reason: reason, Message: message,
			LastHeartbeatTime: now, LastTransitionTime: now,
		}
	}
	return []corev1.NodeCondition{
		condition(corev1.NodeReady, corev1.ConditionTrue, "KubeletReady", "kubelet is posting ready status"),
		condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
		condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
		condition(corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
		condition(corev1.NodeNetworkUnavailable, corev1.ConditionFalse, "RouteCreated", "RouteController created a route"),
	}
}

func (m machine) labels(name, zone string, streaming bool) map[string]string {
	labels := map[string]string{
		"kubernetes.io/arch":                     "amd64",
		"kubernetes.io/os":                       "linux",
		"kubernetes.io/hostname":                 name,
		"node.kubernetes.io/instance-type":       m.machineType,
		"topology.kubernetes.io/region":          region,
		"topology.kubernetes.io/zone":            zone,
		"topology.gke.io/zone":                   zone,
		"cloud.google.com/gke-nodepool":          m.pool,
		"cloud.google.com/machine-family":        m.family,
		"cloud.google.com/gke-os-distribution":   "cos",
		"cloud.google.com/gke-container-runtime": "containerd",
		"cloud.google.com/gke-provisioning":      "standard",
	}
	if m.accelerator != "" {
		labels["cloud.google.com/gke-accelerator"] = m.accelerator
		labels["cloud.google.com/gke-accelerator-count"] = fmt.Sprint(m.accelerators)
	}
	if streaming {
		labels["cloud.google.com/gke-image-streaming"] = "true"
	}
	return labels
}

func (m machine) capacity() corev1.ResourceList {
	return m.resources(int64(m.cpus)*1000, capacityMiB(m.memoryGiB))
}

func (m machine) allocatable(streaming bool) corev1.ResourceList {
	return m.resources(allocatableMilliCPU(m.cpus), allocatableMiB(m.memoryGiB, streaming))
}

func (m machine) resources(milliCPU, memoryMiB int64) corev1.ResourceList {
	list := corev1.ResourceList{
		corev1.ResourceCPU:              *resource.NewMilliQuantity(milliCPU, resource.DecimalSI),
		corev1.ResourceMemory:           *resource.NewQuantity(memoryMiB<<20, resource.BinarySI),
		corev1.ResourcePods:             *resource.NewQuantity(110, resource.DecimalSI),
		corev1.ResourceEphemeralStorage: *resource.NewQuantity(47<<30, resource.BinarySI),
	}
	if m.accelerators > 0 {
		list[GPUResource] = *resource.NewQuantity(int64(m.accelerators), resource.DecimalSI)
	}
	return list
}
