// Package install brings into a testbed what an operator needs: its CRDs, its identity with its
// rights, and the counting of its requests.
package install

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"sp-ray.dev/bench/internal/api"
	"sp-ray.dev/bench/internal/testbed"
)

// Namespace is the operators' own.
const Namespace = "ray-system"

// Identity is whom an operator speaks to the API server as.
type Identity struct {
	ServiceAccount string
	Kubeconfig     string // with its token
}

// Chart installs sp-ray's chart but for its Deployment, and returns how that runs the operator.
func Chart(ctx context.Context, t *testbed.Testbed, root string) (Identity, Command, error) {
	helm, err := t.Tool(ctx, "helm")
	if err != nil {
		return Identity{}, Command{}, err
	}
	const release = "sp-ray-operator"
	rendered, err := exec.CommandContext(ctx, helm, "template", release,
		filepath.Join(root, "helm", "sp-ray-operator"), "--namespace", Namespace).Output()
	if err != nil {
		return Identity{}, Command{}, fmt.Errorf("helm template: %w", err)
	}
	deployment, others, err := splitDeployment(string(rendered))
	if err != nil {
		return Identity{}, Command{}, err
	}
	if err := apply(ctx, t, "-", namespaceManifest+others); err != nil {
		return Identity{}, Command{}, err
	}
	command, err := commandOf(deployment)
	if err != nil {
		return Identity{}, Command{}, err
	}
	identity, err := identityOf(ctx, t, release)
	return identity, command, err
}

// Peer installs another operator's CRDs and makes an identity for it that may do everything: its
// chart may ask for more than it needs, but refusals would be measured as its slowness.
func Peer(ctx context.Context, t *testbed.Testbed, crds string) (Identity, error) {
	const account = "peer"
	if err := apply(ctx, t, crds, ""); err != nil {
		return Identity{}, err
	}
	if err := apply(ctx, t, "-", namespaceManifest+almighty(account)); err != nil {
		return Identity{}, err
	}
	return identityOf(ctx, t, account)
}

// Client makes an identity for the bench's own client, for which no operator is needed.
func Client(ctx context.Context, t *testbed.Testbed) (Identity, error) {
	const account = "floor"
	if err := apply(ctx, t, "-", namespaceManifest+almighty(account)); err != nil {
		return Identity{}, err
	}
	return identityOf(ctx, t, account)
}

const namespaceManifest = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + Namespace + "\n---\n"

func almighty(account string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: ServiceAccount
metadata: {name: %[1]s, namespace: %[2]s}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: %[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: %[1]s, namespace: %[2]s}]
`, account, Namespace)
}

// apply is kubectl's; the file - is what is handed over as content.
func apply(ctx context.Context, t *testbed.Testbed, file, content string) error {
	kubectl, err := t.Tool(ctx, "kubectl")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, kubectl, "--kubeconfig", t.Kubeconfig(),
		"apply", "--server-side", "--force-conflicts", "-f", file)
	cmd.Stdin = strings.NewReader(content)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl apply: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// awaitCRD returns when RayClusters can be made.
func awaitCRD(ctx context.Context, client *api.Client) error {
	for {
		// Unlike the CRD's condition, this says that the objects are served.
		_, err := client.Get(ctx, api.RayClusters(Namespace))
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("RayClusters are not served: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func identityOf(ctx context.Context, t *testbed.Testbed, account string) (Identity, error) {
	config, err := t.Config()
	if err != nil {
		return Identity{}, err
	}
	client, err := api.New(config)
	if err != nil {
		return Identity{}, err
	}
	if err := awaitCRD(ctx, client); err != nil {
		return Identity{}, err
	}
	answer, err := client.Create(ctx,
		"/api/v1/namespaces/"+Namespace+"/serviceaccounts/"+account+"/token",
		[]byte(`{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":86400}}`))
	if err != nil {
		return Identity{}, fmt.Errorf("a token for %s: %w", account, err)
	}
	var token struct {
		Status struct {
			Token string `json:"token"`
		} `json:"status"`
	}
	if err := json.Unmarshal(answer, &token); err != nil {
		return Identity{}, err
	}
	file := filepath.Join(t.Dir, account+".kubeconfig")
	if err := writeKubeconfig(t.Kubeconfig(), file, token.Status.Token); err != nil {
		return Identity{}, err
	}
	return Identity{account, file}, countRequests(ctx, client, account)
}

func writeKubeconfig(from, to, token string) error {
	config, err := clientcmd.LoadFromFile(from)
	if err != nil {
		return err
	}
	for name := range config.AuthInfos {
		config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	}
	for _, c := range config.Contexts {
		c.Namespace = Namespace
	}
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}
