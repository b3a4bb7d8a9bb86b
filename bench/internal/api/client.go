// Package api is a thin client for the API server: objects go in and out as JSON, so that the
// client costs little on the machine that is measured.
package api

import (
	"bytes"
	"context"
	"io"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// InFlight is how many requests a client has under way at once.
const InFlight = 32

// Client sends requests.
type Client struct{ rest *rest.RESTClient }

// New makes a client.
func New(config *rest.Config) (*Client, error) {
	c := rest.CopyConfig(config)
	c.GroupVersion = &schema.GroupVersion{}
	c.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	c.ContentType = "application/json"
	client, err := rest.UnversionedRESTClientFor(c)
	return &Client{client}, err
}

// Create makes an object and returns it as it was stored.
func (c *Client) Create(ctx context.Context, path string, object []byte) ([]byte, error) {
	return c.rest.Post().AbsPath(path).SetHeader("Content-Type", "application/json").Body(object).Do(ctx).Raw()
}

// Patch changes an object.
func (c *Client) Patch(ctx context.Context, path string, kind types.PatchType, patch []byte) error {
	return c.rest.Patch(kind).AbsPath(path).Body(patch).Do(ctx).Error()
}

// Delete deletes an object, or under a collection's path all of its objects.
func (c *Client) Delete(ctx context.Context, path string) error {
	return c.rest.Delete().AbsPath(path).Do(ctx).Error()
}

// Get returns what lies under a path.
func (c *Client) Get(ctx context.Context, path string, query ...string) ([]byte, error) {
	request := c.rest.Get().AbsPath(path)
	for i := 0; i+1 < len(query); i += 2 {
		request = request.Param(query[i], query[i+1])
	}
	return request.Do(ctx).Raw()
}

// Metrics is the API server's metrics page.
func (c *Client) Metrics(ctx context.Context) (io.Reader, error) {
	page, err := c.rest.Get().AbsPath("/metrics").Do(ctx).Raw()
	return bytes.NewReader(page), err
}
