package proxy

import (
	"net/http"
	"strings"
)

// They are about one connection, and there are two here.
var hopByHop = map[string]bool{
	"Connection": true, "Proxy-Connection": true, "Keep-Alive": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true,
}

func copyHeader(to, from http.Header) {
	for name, values := range from {
		if !hopByHop[name] {
			to[name] = append([]string(nil), values...)
		}
	}
}

// readableWatch asks for events that the proxy can read, as far as the client can read them too.
func readableWatch(header http.Header) {
	header.Del("Accept-Encoding")
	header.Del("Sec-Websocket-Extensions")
	var kept []string
	for accepted := range strings.SplitSeq(header.Get("Accept"), ",") {
		if strings.Contains(accepted, "json") {
			kept = append(kept, accepted)
		}
	}
	if len(kept) > 0 {
		header.Set("Accept", strings.Join(kept, ","))
	}
}
