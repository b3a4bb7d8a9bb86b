package realnodes

import (
	"strings"
	"testing"
)

func TestConflict(t *testing.T) {
	for name, test := range map[string]struct {
		route    route
		conflict bool
	}{
		"nothing":                 {route{"default", "eth0"}, false},
		"elsewhere":               {route{"192.168.1.0/24", "eth0"}, false},
		"another testbed":         {route{"10.244.0.0/16", "spray-other"}, true},
		"a part of it":            {route{"10.244.7.0/24", "cni0"}, true},
		"an address in it":        {route{"10.96.0.10", "eth0"}, true},
		"our own":                 {route{"10.244.0.0/16", "spray-mine"}, false},
		"a wider one gives way":   {route{"10.0.0.0/8", "vpn0"}, false},
		"of another kind of dst":  {route{"broadcast", "eth0"}, false},
		"of the link's addresses": {route{"10.213.0.16/28", "spray-other"}, true},
	} {
		err := conflict([]route{test.route}, "spray-mine", "10.244.0.0/16", "10.96.0.0/16", "10.213.0.16/28")
		if (err != nil) != test.conflict {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!strings.Contains(err.Error(), test.route.Device) || !strings.Contains(err.Error(), "testbed down")) {
			t.Errorf("%s: the message does not help: %v", name, err)
		}
	}
}
