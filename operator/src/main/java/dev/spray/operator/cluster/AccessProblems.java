package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.RayVersion;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.NetworkPolicyConfig;
import dev.spray.api.raycluster.NetworkPolicyRules;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupNetworkPolicyRules;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds where tokens, encryption or network policies would not do what they promise; pure. */
final class AccessProblems {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern DNS_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Set<String> TLS_VARIABLES =
      Set.of("RAY_USE_TLS", "RAY_TLS_SERVER_CERT", "RAY_TLS_SERVER_KEY", "RAY_TLS_CA_CERT");
  private static final Set<String> TLS_VOLUMES = Set.of("ray-tls", "ray-tls-request");
  private static final String TLS_VOLUME = "ray-tls";
  private static final String TLS_PATH = "/etc/ray/tls";

  private final List<String> problems = new ArrayList<>();
  private final RayClusterSpec spec;

  private AccessProblems(RayClusterSpec spec) {
    this.spec = spec;
  }

  static List<String> of(RayClusterSpec spec, Map<String, String> annotations) {
    AccessProblems found = new AccessProblems(spec);
    if (spec.authOptions() != null) {
      found.authentication(spec.authOptions());
    }
    if (spec.networkPolicy() != null) {
      found.networkPolicy(spec.networkPolicy());
    }
    if (spec.encrypted()) {
      found.encryption();
      found.authority(annotations.get(RayLabels.CERTIFICATE_AUTHORITY));
    }
    return found.problems;
  }

  private void authentication(AuthOptions options) {
    if (spec.authenticated()) {
      needsRay(2, 52, "authOptions.mode: token", "set mode: disabled");
    }
    if (!Boolean.TRUE.equals(options.enableK8sTokenAuth())) {
      return;
    }
    if (!spec.authenticated()) {
      problems.add(
          "spec.authOptions.enableK8sTokenAuth needs authOptions.mode: token; add the mode,"
              + " or remove enableK8sTokenAuth");
    } else {
      needsRay(2, 55, "authOptions.enableK8sTokenAuth", "remove it");
    }
    if (options.secretName() != null && !options.secretName().isEmpty()) {
      problems.add(
          "spec.authOptions.secretName doesn't go with enableK8sTokenAuth, which asks for"
              + " Kubernetes' own tokens: remove one of them");
    }
  }

  private void needsRay(int major, int minor, String field, String otherwise) {
    if (RayVersion.of(spec.rayVersion()).filter(v -> v.isAtLeast(major, minor)).isEmpty()) {
      problems.add(
          "spec.%s needs Ray %d.%d or later: write the images' version into spec.rayVersion, or %s"
              .formatted(field, major, minor, otherwise));
    }
  }

  private void networkPolicy(NetworkPolicyConfig policy) {
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      if (group.groupName() != null && !DNS_LABEL.matcher(group.groupName()).matches()) {
        problems.add(
            ("spec.networkPolicy names an object after every worker group: write the"
                    + " groupName %s in lower case and without dots")
                .formatted(group.groupName()));
      }
    }
    rules("head", policy, policy.head());
    rules("worker", policy, policy.worker());
    Set<String> groups =
        spec.workerGroupSpecs().stream()
            .map(WorkerGroupSpec::groupName)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    for (WorkerGroupNetworkPolicyRules group : policy.workerGroups()) {
      rules("workerGroups[%s]".formatted(group.groupName()), policy, group.rules());
      if (group.groupName() == null || !groups.contains(group.groupName())) {
        problems.add(
            ("spec.networkPolicy.workerGroups[%s] is about no group of spec.workerGroupSpecs:"
                    + " correct its groupName, or remove it")
                .formatted(group.groupName()));
      }
    }
  }

  private void rules(String whose, NetworkPolicyConfig policy, NetworkPolicyRules rules) {
    if (rules == null) {
      return;
    }
    if (!policy.deniesIngress() && !rules.ingressRules().isEmpty()) {
      problems.add(
          ("spec.networkPolicy.%s.ingressRules doesn't go with mode %s, which lets every"
                  + " incoming connection in: remove them, or set mode: DenyAll")
              .formatted(whose, policy.mode()));
    }
    if (!policy.deniesEgress() && !rules.egressRules().isEmpty()) {
      problems.add(
          ("spec.networkPolicy.%s.egressRules doesn't go with mode %s, which lets every"
                  + " outgoing connection out: remove them, or set mode: DenyAll")
              .formatted(whose, policy.mode()));
    }
  }

  private void authority(String secret) {
    if (secret != null && (secret.length() > 253 || !DNS_NAME.matcher(secret).matches())) {
      problems.add(
          "the annotation %s must be the name of a Secret: correct it, or remove it to have one made"
              .formatted(RayLabels.CERTIFICATE_AUTHORITY));
    }
  }

  private void encryption() {
    encryption("spec.headGroupSpec", spec.headGroupSpec().template());
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      encryption("spec.workerGroupSpecs[%s]".formatted(group.groupName()), group.template());
    }
    encryption("spec.autoscalerOptions", spec.autoscaler().env(), spec.autoscaler().volumeMounts());
  }

  private void encryption(String where, PodTemplateSpec template) {
    Container ray = Templates.rayContainer(template);
    encryption(where, ray.getEnv(), ray.getVolumeMounts());
    Templates.spec(template).getVolumes().stream()
        .map(Volume::getName)
        .filter(TLS_VOLUMES::contains)
        .filter(name -> ray.getVolumeMounts().stream().noneMatch(m -> name.equals(m.getName())))
        .forEach(name ->
            problems.add(
                "%s: a volume called %s is the operator's for spec.tlsOptions: rename yours"
                    .formatted(where, name)));
  }

  private void encryption(String where, List<EnvVar> env, List<VolumeMount> mounts) {
    env.stream()
        .map(EnvVar::getName)
        .filter(name -> name != null && TLS_VARIABLES.contains(name))
        .distinct()
        .forEach(name ->
            problems.add(
                "%s: %s is set by the operator for spec.tlsOptions: remove it from env"
                    .formatted(where, name)));
    if (mounts.stream()
        .anyMatch(m -> TLS_VOLUME.equals(m.getName()) || TLS_PATH.equals(m.getMountPath()))) {
      problems.add(
          ("%s: the volume %s and what is mounted at %s are the operator's for"
                  + " spec.tlsOptions: rename yours")
              .formatted(where, TLS_VOLUME, TLS_PATH));
    }
  }
}
