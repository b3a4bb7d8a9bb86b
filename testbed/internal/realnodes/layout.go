// Package realnodes runs three real Kubernetes nodes on this machine: kubelet,
// containerd and runc, in a network namespace of their own, with a real Ray
// image. It needs Linux, root and a few packages of the distribution: Missing.
//
// Everything that it makes outside the state directory has a name derived from
// the state directory's path alone, so that Down finds it after any crash.
package realnodes

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"path/filepath"
)

// linkRange is where each testbed takes the few addresses between it and the
// host from. Not 169.254.0.0/16: Kubernetes refuses link-local endpoints.
const linkRange = "10.213.0.0/16"

// node is one of the three; index is its place among them, from 1.
type node struct {
	name        string
	index       int
	accelerator string // GKE's name of the GPU; "" is a node without
}

var nodes = []node{
	{name: "plain", index: 1},
	{name: "t4", index: 2, accelerator: "nvidia-tesla-t4"},
	{name: "a100", index: 3, accelerator: "nvidia-tesla-a100"},
}

// layout names what belongs to the testbed of one state directory.
type layout struct {
	stateDir string
	id       string
	subnet   netip.Prefix // the link to the host
	place    int          // which of the pod and service ranges are its own
}

func layoutOf(stateDir string) (layout, error) {
	path, err := filepath.Abs(stateDir)
	if err != nil {
		return layout{}, err
	}
	sum := sha256.Sum256([]byte(path))
	base := netip.MustParsePrefix(linkRange).Addr().As4()
	// The /16 has room for 4096 links of 16 addresses.
	link := binary.BigEndian.Uint16(sum[:2]) &^ 15
	binary.BigEndian.PutUint16(base[2:], link)
	place, err := recordedPlace(path)
	if err != nil {
		return layout{}, err
	}
	return layout{
		place:    place,
		stateDir: path,
		id:       hex.EncodeToString(sum[:3]),
		subnet:   netip.PrefixFrom(netip.AddrFrom4(base), 28),
	}, nil
}

// name is that of the network namespace, of the link's end on the host and of
// the cgroups.
func (l layout) name() string { return "spray-" + l.id }

func (l layout) address(last byte) netip.Addr {
	bytes := l.subnet.Addr().As4()
	bytes[3] += last
	return netip.AddrFrom4(bytes)
}

func (l layout) hostAddress() netip.Addr         { return l.address(1) }
func (l layout) controlPlaneAddress() netip.Addr { return l.address(2) }
func (l layout) nodeAddress(n node) netip.Addr   { return l.address(2 + byte(n.index)) }

func (l layout) nodeDir(n node) string { return filepath.Join(l.stateDir, "nodes", n.name) }

// holder is the process that keeps a node's mount namespace.
func (n node) holder() string       { return "node-" + n.name }
func (n node) containerd() string   { return "containerd-" + n.name }
func (n node) kubelet() string      { return "kubelet-" + n.name }
func (n node) devicePlugin() string { return "device-plugin-" + n.name }

// cgroup is the path of the node's cgroup below every hierarchy's root.
func (l layout) cgroup(n node) string { return "/" + l.name() + "/" + n.name }
