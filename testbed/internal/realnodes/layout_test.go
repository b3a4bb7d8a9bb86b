package realnodes

import (
	"fmt"
	"net/netip"
	"os"
	"testing"
)

func TestLayoutIsDerivedFromTheDirectory(t *testing.T) {
	first, err := layoutOf("/somewhere/state")
	if err != nil {
		t.Fatal(err)
	}
	again, err := layoutOf("/somewhere/../somewhere/state/")
	if err != nil {
		t.Fatal(err)
	}
	if first != again {
		t.Errorf("one directory, two layouts: %+v and %+v", first, again)
	}
	other, err := layoutOf("/elsewhere/state")
	if err != nil {
		t.Fatal(err)
	}
	if first.name() == other.name() || first.subnet == other.subnet {
		t.Errorf("two directories, one layout: %+v", first)
	}
}

func TestLayoutFitsTheKernelsLimits(t *testing.T) {
	ranges := netip.MustParsePrefix(linkRange)
	for i := range 500 {
		l, err := layoutOf(fmt.Sprintf("/somewhere/%d", i))
		if err != nil {
			t.Fatal(err)
		}
		if len(l.name()) > 15 {
			t.Fatalf("%s is too long for a network interface", l.name())
		}
		addresses := map[netip.Addr]bool{l.hostAddress(): true, l.controlPlaneAddress(): true}
		for _, n := range nodes {
			addresses[l.nodeAddress(n)] = true
		}
		if len(addresses) != 2+len(nodes) {
			t.Fatalf("an address is there twice: %v", addresses)
		}
		for address := range addresses {
			if !l.subnet.Contains(address) || !ranges.Contains(address) || address == l.subnet.Addr() {
				t.Fatalf("%s is not in %s or not in %s", address, l.subnet, ranges)
			}
		}
	}
}

func TestRangesAreApart(t *testing.T) {
	var all []netip.Prefix
	for place := range places {
		l := layout{place: place}
		all = append(all, netip.MustParsePrefix(l.clusterCIDR()), netip.MustParsePrefix(l.serviceCIDR()))
		seen := map[string]bool{}
		for _, n := range nodes {
			prefix := netip.MustParsePrefix(l.podCIDR(n))
			if !netip.MustParsePrefix(l.clusterCIDR()).Contains(prefix.Addr()) || seen[l.podCIDR(n)] {
				t.Errorf("%s has %s", n.name, prefix)
			}
			seen[l.podCIDR(n)] = true
		}
		if !netip.MustParsePrefix(l.serviceCIDR()).Contains(netip.MustParseAddr(l.dnsService())) {
			t.Errorf("%s is not in %s", l.dnsService(), l.serviceCIDR())
		}
	}
	all = append(all, netip.MustParsePrefix(linkRange))
	for i, one := range all {
		for _, other := range all[:i] {
			if one.Overlaps(other) {
				t.Errorf("%s and %s overlap", one, other)
			}
		}
	}
}

func TestRecordedPlace(t *testing.T) {
	directory := t.TempDir()
	for content, valid := range map[string]bool{"3\n": true, "8\n": false, "": false, "-1": false} {
		if err := os.WriteFile(placeFile(directory), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if place, err := recordedPlace(directory); (err == nil) != valid || valid && place != 3 {
			t.Errorf("%q: %d, %v", content, place, err)
		}
	}
	if place, err := recordedPlace(t.TempDir()); err != nil || place != 0 {
		t.Errorf("without a record: %d, %v", place, err)
	}
}
