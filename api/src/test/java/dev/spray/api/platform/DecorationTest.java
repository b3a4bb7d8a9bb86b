package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** What a template that isn't the platform's gets, and where it has its own way. */
class DecorationTest {
  private static final PlatformConfiguration GKE = ConfigurationFile.shipped(ConfigurationFile.GKE);
  private static final String GPU =
      "containers: [{name: r, resources: {limits: {nvidia.com/gpu: 1}}}]";

  @Test
  void aSilentTemplateGetsTolerationIsolationAndStreaming() {
    PodSpec pod = decorated("{" + GPU + "}", PlatformSpec.NOTHING);

    assertThat(pod.getTolerations()).extracting("key").containsExactly("nvidia.com/gpu");
    assertThat(
            pod.getAffinity()
                .getPodAntiAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution())
        .hasSize(1);
    assertThat(
            pod.getAffinity()
                .getNodeAffinity()
                .getPreferredDuringSchedulingIgnoredDuringExecution())
        .hasSize(1);
    assertThat(pod.getNodeSelector()).isNullOrEmpty();
  }

  @Test
  void whoAsksForNoGpuToleratesNone() {
    assertThat(decorated("{containers: [{name: r}]}", PlatformSpec.NOTHING).getTolerations())
        .isNullOrEmpty();
  }

  @Test
  void whatTheTemplateSaysStands() {
    String own =
        "{"
            + GPU
            + ", tolerations: [{key: nvidia.com/gpu, operator: Equal, value: present}]"
            + ", affinity: {podAntiAffinity: {}, nodeAffinity: {}}, serviceAccountName: mine}";

    assertThat(decorated(own, platform("{serviceAccountName: ray}"))).isEqualTo(pod(own));
  }

  @Test
  void whoSelectsStreamingNodesPrefersNone() {
    PodSpec pod =
        decorated(
            "{nodeSelector: {cloud.google.com/gke-image-streaming: \"false\"}, " + GPU + "}",
            PlatformSpec.NOTHING);

    assertThat(pod.getAffinity().getNodeAffinity()).isNull();
  }

  @Test
  void theRestOfAPlatformHoldsForOwnGroups() {
    PodSpec pod =
        decorated(
            "{" + GPU + "}",
            platform(
                "{serviceAccountName: ray, placement: {nodeIsolation: None, imageStreaming:"
                    + " Required}}"));

    assertThat(pod.getServiceAccountName()).isEqualTo("ray");
    assertThat(pod.getAffinity()).isNull();
    assertThat(pod.getNodeSelector()).containsKey("cloud.google.com/gke-image-streaming");
  }

  @Test
  void whatCannotBeIsTold() {
    assertThat(
            new Decoration(
                    platform("{placement: {imageStreaming: Required}}"),
                    ConfigurationFile.shipped(ConfigurationFile.SMALL))
                .problems())
        .singleElement()
        .asString()
        .contains("no nodes that stream images");
  }

  private static PodSpec decorated(String pod, PlatformSpec platform) {
    return new Decoration(platform, GKE).of(pod(pod));
  }

  private static PodSpec pod(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, PodSpec.class);
  }

  private static PlatformSpec platform(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, PlatformSpec.class);
  }
}
