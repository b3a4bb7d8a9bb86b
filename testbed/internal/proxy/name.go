package proxy

import (
	"bytes"
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// nameIn returns the name of the object in a body; "" if it can't be read.
func nameIn(body []byte) string {
	var object metav1.PartialObjectMetadata
	if encoded, ok := bytes.CutPrefix(body, []byte("k8s\x00")); ok { // Go clients prefer Protobuf
		var envelope runtime.Unknown
		if envelope.Unmarshal(encoded) != nil || object.Unmarshal(envelope.Raw) != nil {
			return ""
		}
		return object.Name
	}
	var named struct {
		Metadata struct{ Name string }
	}
	if json.Unmarshal(body, &named) != nil {
		return ""
	}
	return named.Metadata.Name
}
