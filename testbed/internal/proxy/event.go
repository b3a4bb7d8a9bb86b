package proxy

import (
	"encoding/json"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// event is what the proxy reads of a watch event.
type event struct {
	Type   string
	Object struct {
		Metadata struct{ Name, Namespace string }
	}
}

// parseEvent reads an event; the zero event if it isn't JSON.
func parseEvent(content []byte) event {
	var e event
	if json.Unmarshal(content, &e) != nil {
		return event{}
	}
	return e
}

func (e event) name() string { return e.Object.Metadata.Name }

// namespaceIn is that of the object; bookmarks name none and belong to the watch as a whole.
func (e event) namespaceIn(watch Request) string {
	if e.Object.Metadata.Namespace == "" {
		return watch.Namespace
	}
	return e.Object.Metadata.Namespace
}

// goneEvent is how the API server ends a watch whose start was compacted away.
func goneEvent() []byte {
	content, err := json.Marshal(map[string]any{
		"type": "ERROR",
		"object": json.RawMessage(encodeStatus(metav1.Status{
			Message: expired, Reason: metav1.StatusReasonExpired, Code: http.StatusGone,
		})),
	})
	if err != nil {
		panic(err) // strings and numbers only
	}
	return content
}
