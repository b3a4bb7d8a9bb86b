package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// control speaks the control API as a test in another language does.
type control struct {
	*testing.T
	url string
}

func (c control) call(wanted int, method, path, body string, into any) {
	c.Helper()
	request, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}
	if response.StatusCode != wanted {
		c.Fatalf("%s %s: %d, not %d: %s", method, path, response.StatusCode, wanted, content)
	}
	if into != nil {
		if err := json.Unmarshal(content, into); err != nil {
			c.Fatalf("%v in %s", err, content)
		}
	}
}

func TestControl(t *testing.T) {
	u := newUpstream(t)
	p := newProxy(t, u)
	server := httptest.NewServer(p.Control())
	t.Cleanup(server.Close)
	c := control{t, server.URL}
	c.call(200, "GET", "/healthz", "", nil)

	var address LaneAddress
	c.call(201, "POST", "/lanes", "", &address)
	lane := "/lanes/" + address.ID
	operator := clientOf(t, u, p.Lane(address.ID), true)
	if operator.lane.URL() != address.URL {
		t.Errorf("the lane is at %s, not at %s", operator.lane.URL(), address.URL)
	}
	var all []LaneAddress
	c.call(200, "GET", "/lanes", "", &all)
	if len(all) != 1 || all[0] != address {
		t.Errorf("lanes: %v", all)
	}

	c.call(200, "PUT", lane+"/rules", `[
	  {"name": "kill", "match": {"verb": "write", "nth": 2}, "phase": "afterCommit", "action": "hold"},
	  {"match": {"verb": "delete"}, "action": {"type": "respond", "code": 500}},
	  {"name": "may", "match": {"verb": "delete"}, "action": {"type": "respond", "code": 500}, "mustFire": false}]`, nil)
	operator.create("a")
	c.call(200, "GET", lane+"/wait?writes=1&timeout=10s", "", nil)
	held := inBackground(func() outcome { return operator.create("b") })
	var report Report
	c.call(200, "GET", lane+"/wait?fired=kill&timeout=10s", "", &report)
	if !report.Frozen || strings.Join(report.Unfired, " ") != "rule-2" || len(report.Log) != 2 || report.Log[1].Code != 201 {
		t.Errorf("%+v", report)
	}
	c.call(504, "GET", lane+"/wait?fired=kill&times=2&timeout=10ms", "", nil)
	c.call(200, "POST", lane+"/release", "", nil)
	if got := soon(t, held); got.code != 201 {
		t.Errorf("%+v", got)
	}

	c.call(200, "POST", lane+"/cut", `{"refuse": true}`, nil)
	if got := operator.create("c"); got.err == nil {
		t.Errorf("%+v", got)
	}
	c.call(200, "POST", lane+"/accept", "", nil)
	if got := operator.create("d"); got.code != 201 {
		t.Errorf("%+v", got)
	}

	// Rules that are replaced before they fired are still told.
	c.call(200, "PUT", lane+"/rules", `[]`, &report)
	if strings.Join(report.Unfired, " ") != "rule-2" || !report.Rules[0].Retired {
		t.Errorf("%+v", report)
	}

	c.call(400, "PUT", lane+"/rules", `[{"match": {"verb": "create"}, "fase": "before", "action": "cut"}]`, nil)
	c.call(400, "PUT", lane+"/rules", `[{"action": {"type": "cut", "cutt": "stream"}}]`, nil)
	c.call(400, "PUT", lane+"/rules", `[{"action": "explode"}]`, nil)
	c.call(400, "PUT", lane+"/rules", `[{"name": "a", "action": "cut"}, {"name": "a", "action": "cut"}]`, nil)
	c.call(400, "GET", lane+"/wait", "", nil)
	c.call(400, "GET", lane+"/wait?writes=many", "", nil)
	c.call(400, "GET", lane+"/wait?writes=1&timeout=long", "", nil)
	c.call(404, "GET", lane+"/wait?fired=unknown", "", nil)
	c.call(404, "GET", "/lanes/unknown", "", nil)

	c.call(200, "DELETE", lane, "", &report)
	if len(report.Log) != 3 {
		t.Errorf("the last report: %+v", report)
	}
	c.call(404, "GET", lane, "", nil)
	if got := operator.create("e"); got.err == nil {
		t.Errorf("%+v", got)
	}
}

func TestLaneOfHTTP1(t *testing.T) {
	u := newUpstream(t)
	p := newProxy(t, u)
	server := httptest.NewServer(p.Control())
	t.Cleanup(server.Close)
	var address LaneAddress
	control{t, server.URL}.call(201, "POST", "/lanes", `{"http1": true}`, &address)
	operator := clientOf(t, u, p.Lane(address.ID), true)
	operator.http.Transport.(*http.Transport).Protocols.SetHTTP1(true) // it may choose
	if got := operator.create("a"); got.code != 201 || u.protos[0] != "HTTP/1.1" {
		t.Errorf("%+v by %v", got, u.protos)
	}
}
