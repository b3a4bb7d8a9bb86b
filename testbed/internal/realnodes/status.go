package realnodes

import (
	"fmt"
	"strings"
)

// Status describes the nodes and how they are reached from this machine.
func Status(stateDir string) string {
	l, err := layoutOf(stateDir)
	if err != nil {
		return err.Error() + "\n"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "network      namespace %s; this machine is %s in it; pods %s, services %s\n",
		l.name(), l.hostAddress(), l.clusterCIDR(), l.serviceCIDR())
	for _, n := range nodes {
		gpu := "no GPU"
		if n.gpus() > 0 {
			gpu = fmt.Sprintf("%d named GPU (%s)", n.gpus(), n.accelerator)
		}
		fmt.Fprintf(&out, "node         %-5s  %s, pods %s, %s\n", n.name, l.nodeAddress(n), l.podCIDR(n), gpu)
	}
	return out.String()
}
