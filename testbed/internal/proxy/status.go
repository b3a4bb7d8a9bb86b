package proxy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// reasons are what the API server gives for a code.
var reasons = map[int]metav1.StatusReason{
	http.StatusBadRequest:          metav1.StatusReasonBadRequest,
	http.StatusUnauthorized:        metav1.StatusReasonUnauthorized,
	http.StatusForbidden:           metav1.StatusReasonForbidden,
	http.StatusNotFound:            metav1.StatusReasonNotFound,
	http.StatusConflict:            metav1.StatusReasonConflict,
	http.StatusGone:                metav1.StatusReasonExpired,
	http.StatusUnprocessableEntity: metav1.StatusReasonInvalid,
	http.StatusTooManyRequests:     metav1.StatusReasonTooManyRequests,
	http.StatusInternalServerError: metav1.StatusReasonInternalError,
	http.StatusServiceUnavailable:  metav1.StatusReasonServiceUnavailable,
	http.StatusGatewayTimeout:      metav1.StatusReasonTimeout,
}

// statusAnswer is how the API server would say it.
func statusAnswer(a Action, r Request) (http.Header, []byte) {
	reason := metav1.StatusReason(a.Reason)
	if reason == "" {
		reason = reasons[a.Code]
	}
	message := a.Message
	if message == "" {
		message = defaultMessage(a.Code, r)
	}
	resource, _, _ := strings.Cut(r.Resource, "/")
	header := http.Header{"Content-Type": {"application/json"}}
	if a.RetryAfterSeconds > 0 {
		header.Set("Retry-After", strconv.Itoa(a.RetryAfterSeconds))
	}
	return header, encodeStatus(metav1.Status{
		Message: message,
		Reason:  reason,
		Code:    int32(a.Code),
		Details: &metav1.StatusDetails{
			Name: r.Name, Group: r.Group, Kind: resource, RetryAfterSeconds: int32(a.RetryAfterSeconds),
		},
	})
}

func encodeStatus(s metav1.Status) []byte {
	s.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	s.Status = metav1.StatusFailure
	content, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return content
}

func defaultMessage(code int, r Request) string {
	resource, _, _ := strings.Cut(r.Resource, "/")
	switch code {
	case http.StatusConflict:
		return fmt.Sprintf("Operation cannot be fulfilled on %s %q: the object has been modified; "+
			"please apply your changes to the latest version and try again", resource, r.Name)
	case http.StatusForbidden:
		return fmt.Sprintf("%s %q is forbidden: error looking up service account", resource, r.Name)
	case http.StatusGone:
		return expired
	case http.StatusTooManyRequests:
		return "Too many requests, please try again later."
	default:
		return strings.ToLower(http.StatusText(code))
	}
}

const expired = "too old resource version: 1 (2)"
