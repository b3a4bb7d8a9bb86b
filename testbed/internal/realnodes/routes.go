package realnodes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
)

type route struct {
	Destination string `json:"dst"`
	Device      string `json:"dev"`
}

func hostRoutes(ctx context.Context) ([]route, error) {
	out, err := run(ctx, "ip", "-json", "-4", "route", "show", "table", "all")
	if err != nil {
		return nil, err
	}
	var routes []route
	if err := json.Unmarshal([]byte(out), &routes); err != nil {
		return nil, fmt.Errorf("ip -json route: %w", err)
	}
	return routes, nil
}

// conflict finds a route of another device into one of the ranges.
func conflict(routes []route, own string, ranges ...string) error {
	for _, r := range routes {
		if r.Device == own || r.Destination == "default" || r.Destination == "" {
			continue
		}
		destination, err := netip.ParsePrefix(r.Destination)
		if err != nil {
			address, err := netip.ParseAddr(r.Destination)
			if err != nil {
				continue
			}
			destination = netip.PrefixFrom(address, address.BitLen())
		}
		for _, text := range ranges {
			// A wider route, a whole 10.0.0.0/8 for instance, gives way to the
			// narrower one and does not lose what it leads to otherwise.
			if wanted := netip.MustParsePrefix(text); wanted.Contains(destination.Addr()) && destination.Bits() >= wanted.Bits() {
				return fmt.Errorf("the addresses %s are in use: this machine has a route %s by %s; end what made it (another testbed with the profile real: `testbed down --dir DIR`)",
					text, r.Destination, r.Device)
			}
		}
	}
	return nil
}
