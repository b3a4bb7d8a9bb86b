package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the pod templates of one cluster. */
record PodTemplates(
    String image,
    String serviceAccountName,
    Placing placing,
    Security security,
    boolean autoscaled) {
  private static final String TOKEN_VOLUME = "autoscaler-token";
  private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** The kubelet renews a token long before; Kubernetes' own mounts have it, too. */
  private static final long TOKEN_SECONDS = 3607L;

  /** Of Ray's own images. Which group a volume has matters little: its user gets it, too. */
  private static final long OFFICIAL_USER = 1000L;

  PodTemplateSpec head(RayContainer ray) {
    NodeChoice any = new NodeChoice(null, null);
    PodTemplateSpec template = template("ray-head", ray, any, placing.isolation().headPorts());
    return autoscaled
        ? template.edit().editSpec().addToVolumes(tokenVolume()).endSpec().build()
        : template;
  }

  /** The head with a workspace. */
  PodTemplateSpec with(WorkspaceParts workspace, PodTemplateSpec head) {
    Long group = security.userId() == null ? (Long) OFFICIAL_USER : security.userId();
    return head.edit().withSpec(workspace.addTo(head.getSpec(), group)).build();
  }

  PodTemplateSpec worker(RayContainer ray, NodeChoice capacity) {
    return template("ray-worker", ray, capacity, placing.isolation().port().stream().toList());
  }

  private PodTemplateSpec template(
      String name, RayContainer ray, NodeChoice capacity, List<ContainerPort> ports) {
    Map<String, String> selector = new LinkedHashMap<>();
    List<Toleration> tolerations = new ArrayList<>();
    if (ray.type() != null) {
      if (ray.nodes().label() != null) {
        selector.put(ray.nodes().label(), ray.type().label());
      }
      if (ray.topology() != null && ray.nodes().topologyLabel() != null) {
        selector.put(ray.nodes().topologyLabel(), ray.topology());
      }
      tolerations.addAll(ray.nodes().tolerations());
    }
    selector.putAll(capacity.nodeSelector());
    tolerations.addAll(capacity.tolerations());
    selector.putAll(placing.nodeSelector());
    return new PodTemplateSpecBuilder()
        .withSpec(
            new PodSpecBuilder()
                .withServiceAccountName(serviceAccountName)
                // Ray needs none; its autoscaler has one of its own.
                .withAutomountServiceAccountToken(false)
                .withSecurityContext(podSecurity())
                .withNodeSelector(selector.isEmpty() ? null : selector)
                .withTolerations(tolerations)
                .withAffinity(placing.affinity())
                .withContainers(
                    new ContainerBuilder()
                        .withName(name)
                        .withImage(image)
                        .withPorts(ports)
                        .withNewResources()
                        .withRequests(requests(ray))
                        .withLimits(limits(ray))
                        .endResources()
                        .withSecurityContext(containerSecurity())
                        .build())
                .build())
        .build();
  }

  private static Map<String, Quantity> requests(RayContainer ray) {
    Map<String, Quantity> requests = new LinkedHashMap<>();
    requests.put("cpu", ray.size().cpu());
    requests.putAll(limits(ray));
    return requests;
  }

  /** None for CPUs: it would throttle Ray, which counts those that are asked for. */
  private static Map<String, Quantity> limits(RayContainer ray) {
    Map<String, Quantity> limits = new LinkedHashMap<>();
    limits.put("memory", ray.size().memory());
    if (ray.type() != null) {
      limits.put(ray.nodes().resource(), new Quantity(ray.count() + ""));
    }
    return limits;
  }

  private boolean restricted() {
    return Security.RESTRICTED.equals(security.podSecurity());
  }

  private PodSecurityContext podSecurity() {
    return restricted()
        ? new PodSecurityContextBuilder()
            .withRunAsNonRoot(true)
            .withRunAsUser(security.userId())
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .build()
        : null;
  }

  /** Of every container that runs Ray. */
  SecurityContext containerSecurity() {
    return restricted()
        ? new SecurityContextBuilder()
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .build()
        : null;
  }

  /** Where the autoscaler, and nobody else in the head pod, finds its token. */
  static VolumeMount tokenMount() {
    return new VolumeMountBuilder()
        .withName(TOKEN_VOLUME)
        .withMountPath(TOKEN_PATH)
        .withReadOnly(true)
        .build();
  }

  /** What Kubernetes itself would mount in every container. */
  private static Volume tokenVolume() {
    return new VolumeBuilder()
        .withName(TOKEN_VOLUME)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken()
        .withPath("token")
        .withExpirationSeconds(TOKEN_SECONDS)
        .endServiceAccountToken()
        .endSource()
        .addNewSource()
        .withNewConfigMap()
        .withName("kube-root-ca.crt")
        .addNewItem()
        .withKey("ca.crt")
        .withPath("ca.crt")
        .endItem()
        .endConfigMap()
        .endSource()
        .addNewSource()
        .withNewDownwardAPI()
        .addNewItem()
        .withPath("namespace")
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath("metadata.namespace")
        .endFieldRef()
        .endItem()
        .endDownwardAPI()
        .endSource()
        .endProjected()
        .build();
  }
}
