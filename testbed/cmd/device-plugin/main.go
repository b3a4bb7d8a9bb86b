// Command device-plugin offers nvidia.com/gpu devices to a kubelet that are
// only names. Ray and the scheduler then count and place GPUs as on a real
// node, and a container sees the same environment; nothing can compute on them.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

func main() {
	resource := flag.String("resource", "nvidia.com/gpu", "extended resource to offer")
	count := flag.Int("count", 1, "number of devices")
	directory := flag.String("directory", api.DevicePluginPath, "the kubelet's device plugin directory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	for ctx.Err() == nil {
		if err := serve(ctx, *directory, *resource, *count); err != nil && ctx.Err() == nil {
			log.Print(err)
			time.Sleep(300 * time.Millisecond)
		}
	}
}

// serve offers the devices until the kubelet restarts, which it shows by
// removing every plugin's socket, or until ctx ends.
func serve(ctx context.Context, directory, resource string, count int) error {
	socket := filepath.Join(directory, "sp-ray-gpu.sock")
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	api.RegisterDevicePluginServer(server, &plugin{stop: ctx, count: count})
	go server.Serve(listener)
	defer server.Stop()
	if err := register(ctx, directory, filepath.Base(socket), resource); err != nil {
		return fmt.Errorf("registering with the kubelet: %w", err)
	}
	log.Printf("offering %d %s", count, resource)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
			if _, err := os.Stat(socket); err != nil {
				return fmt.Errorf("the kubelet restarted: %w", err)
			}
		}
	}
}

func register(ctx context.Context, directory, endpoint, resource string) error {
	connection, err := grpc.NewClient("unix://"+filepath.Join(directory, "kubelet.sock"),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err = api.NewRegistrationClient(connection).Register(ctx, &api.RegisterRequest{
		Version: api.Version, Endpoint: endpoint, ResourceName: resource,
	})
	return err
}

type plugin struct {
	api.UnimplementedDevicePluginServer
	stop  context.Context
	count int
}

func (p *plugin) GetDevicePluginOptions(context.Context, *api.Empty) (*api.DevicePluginOptions, error) {
	return &api.DevicePluginOptions{}, nil
}

// ListAndWatch reports the devices once: names do not fail.
func (p *plugin) ListAndWatch(_ *api.Empty, stream api.DevicePlugin_ListAndWatchServer) error {
	response := &api.ListAndWatchResponse{}
	for i := range p.count {
		response.Devices = append(response.Devices, &api.Device{ID: strconv.Itoa(i), Health: api.Healthy})
	}
	if err := stream.Send(response); err != nil {
		return err
	}
	select {
	case <-p.stop.Done():
	case <-stream.Context().Done():
	}
	return nil
}

// Allocate names the devices in the variables that NVIDIA's own plugin and
// CUDA use; Ray takes from the second which GPUs are its own.
func (p *plugin) Allocate(_ context.Context, request *api.AllocateRequest) (*api.AllocateResponse, error) {
	response := &api.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		ids := strings.Join(container.DevicesIds, ",")
		response.ContainerResponses = append(response.ContainerResponses, &api.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": ids, "CUDA_VISIBLE_DEVICES": ids},
		})
	}
	return response, nil
}
