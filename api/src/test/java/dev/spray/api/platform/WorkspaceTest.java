package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a workspace adds to the head; {@link ResolveGoldenTest} shows a whole one. */
class WorkspaceTest {
  private static final String EVERYTHING =
      "workspace: {notebook: true, vscode: true, tutorials: true, home: {size: 50Gi}}";
  private static final PlatformConfiguration GKE = gke("example.com/tools:1");

  @Test
  void raysOwnContainerStaysAsItIs() {
    PodSpec plain = head("{head: {cpu: 4, memory: 8Gi}}", GKE);
    PodSpec with = head("{head: {cpu: 4, memory: 8Gi}, " + EVERYTHING + "}", GKE);

    assertThat(with.getContainers()).hasSize(1);
    assertThat(with.getContainers().get(0).edit().withVolumeMounts().build())
        .isEqualTo(plain.getContainers().get(0));
  }

  @Test
  void itRunsBesideRayInWhateverBecomesOfThePod() {
    PodSpec head = head("{" + EVERYTHING + "}", GKE);

    assertThat(head.getInitContainers())
        .extracting(Container::getName)
        .containsExactly("workspace-tools", "workspace");
    Container workspace = workspace(head);
    assertThat(workspace.getRestartPolicy()).isEqualTo("Always");
    assertThat(workspace.getImage()).isEqualTo(head.getContainers().get(0).getImage());
    assertThat(workspace.getReadinessProbe()).as("it would make the head unready").isNull();
    assertThat(workspace.getStartupProbe()).as("Ray would wait for it").isNull();
    assertThat(head.getShareProcessNamespace()).isNull();
  }

  @Test
  void itHasRaysSocketsAndObjectStore() {
    PodSpec head = head("{head: {memory: 8Gi}, " + EVERYTHING + "}", GKE);

    for (Container container : new Container[] {head.getContainers().get(0), workspace(head)}) {
      assertThat(container.getVolumeMounts())
          .anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("ray-logs");
            assertThat(mount.getMountPath()).isEqualTo("/tmp/ray");
          })
          .anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("shared-mem");
            assertThat(mount.getMountPath()).isEqualTo("/dev/shm");
          });
    }
    assertThat(volume(head, "shared-mem").getEmptyDir().getSizeLimit())
        .isEqualTo(new Quantity("8Gi"));
  }

  @Test
  void itsTokenIsInAFileAlone() {
    PodSpec head = head("{" + EVERYTHING + "}", GKE);

    assertThat(volume(head, "workspace-token").getSecret().getSecretName())
        .isEqualTo("my-cluster.workspace");
    assertThat(workspace(head).getEnv()).noneMatch(env -> env.getValueFrom() != null);
    assertThat(workspace(head).getArgs())
        .containsExactly(
            "--token-file=/var/run/secrets/sp-ray.dev/workspace/auth_token",
            "--notebook=8888",
            "--vscode=3000",
            "--tutorials");
  }

  @Test
  void noneOfItHasATokenOfKubernetesOrRightsOnTheNode() {
    PodSpec head = head("{groups: [{groupName: w, maxReplicas: 2}], " + EVERYTHING + "}", GKE);

    assertThat(head.getAutomountServiceAccountToken()).isFalse();
    assertThat(head.getInitContainers())
        .allSatisfy(container -> {
          assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
          assertThat(container.getSecurityContext().getCapabilities().getDrop())
              .containsExactly("ALL");
          assertThat(container.getVolumeMounts())
              .noneMatch(mount -> mount.getMountPath().contains("serviceaccount"));
        });
  }

  /** The server is among the tools, and is started by whoever comes. */
  @Test
  void aWayInBySshIsAWorkspaceWithoutAPort() {
    PodSpec head = head("{workspace: {ssh: true}}", GKE);

    assertThat(workspace(head).getArgs())
        .containsExactly("--token-file=/var/run/secrets/sp-ray.dev/workspace/auth_token");
    assertThat(workspace(head).getPorts()).isEmpty();
  }

  @Test
  void filesStayOnAVolumeOnlyIfItHasASize() {
    PodSpec kept = head("{workspace: {vscode: true, home: {size: 50Gi}}}", GKE);
    PodSpec lost = head("{workspace: {vscode: true}}", GKE);

    assertThat(volume(kept, "workspace-home").getPersistentVolumeClaim().getClaimName())
        .isEqualTo("my-cluster-workspace");
    assertThat(kept.getSecurityContext().getFsGroup()).isEqualTo(1000L);
    assertThat(volume(lost, "workspace-home").getEmptyDir()).isNotNull();
    assertThat(lost.getSecurityContext().getFsGroup()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{}' | 6Gi",
        "{groups: [{groupName: w, maxReplicas: 2}]} | 6Gi",
        "{head: {memory: 53Gi}} | 2150Mi",
        "{head: {accelerator: {type: t4}}} | 3584Mi",
        "{head: {accelerator: {type: t4}}, groups: [{groupName: w, maxReplicas: 2}]} | 3072Mi"
      })
  void itsMemoryIsWhatTheHeadLeavesOfItsMachine(String platform, String memory) {
    String rest = platform.equals("{}") ? "}" : ", " + platform.substring(1);

    Map<String, Quantity> limits =
        workspace(head("{workspace: {notebook: true}" + rest, GKE)).getResources().getLimits();

    assertThat(limits).containsExactly(Map.entry("memory", new Quantity(memory)));
  }

  @Test
  void tutorialsComeWithANotebook() {
    assertThat(workspace(head("{workspace: {tutorials: true}}", GKE)).getArgs())
        .contains("--notebook=8888", "--tutorials");
    assertThat(
            workspace(head("{workspace: {tutorials: true, notebook: false, vscode: true}}", GKE)))
        .satisfies(workspace -> assertThat(workspace.getPorts()).hasSize(1));
  }

  @Test
  void whoAsksForNothingGetsNothing() {
    assertThat(head("{workspace: {notebook: false, home: {}}}", GKE)).isEqualTo(head("{}", GKE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{home: {size: 5Gi}} | nothing in it can be opened",
        "{notebook: false, tutorials: true} | nothing in it can be opened",
        "{notebook: true, home: {retain: true}} | spec.platform.workspace.home.retain is for a volume",
        "{notebook: true, home: {size: -1Gi}} | spec.platform.workspace.home.size: -1Gi is no amount"
      })
  void whatCannotBeIsSaid(String workspace, String problem) {
    assertThat(refused("{workspace: " + workspace + "}", GKE)).contains(problem);
  }

  @Test
  void aPlatformWithoutToolsSaysWhatToConfigure() {
    assertThat(refused("{" + EVERYTHING + "}", ConfigurationFile.shipped(ConfigurationFile.GKE)))
        .isEqualTo(
            "spec.platform.workspace: this platform has no workspaces: remove it, or have"
                + " workspace.toolsImage in the platform configuration name the image with the tools");
  }

  @Test
  void aHeadThatLeavesNoRoomIsRefused() {
    assertThat(refused("{head: {cpu: 4, memory: 480Gi}, workspace: {notebook: true}}", GKE))
        .startsWith(
            "spec.platform.head: 4 CPUs and 480Gi with 100m CPUs and 1Gi for the workspace are more"
                + " than any machine has");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com:5000/tools | workspace.toolsImage: example.com:5000/tools has neither tag nor digest",
        "tools | workspace.toolsImage: tools has neither tag nor digest"
      })
  void anImageThatMayBeAnyIsRefused(String image, String problem) {
    assertThatThrownBy(() -> gke(image)).hasMessageContaining(problem);
  }

  private static PodSpec head(String platform, PlatformConfiguration configuration) {
    Resolution resolution =
        Resolve.of("my-cluster", platform(platform), UserFields.NONE, configuration);
    assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
    return ((Resolution.Resolved) resolution).head().template().getSpec();
  }

  private static String refused(String platform, PlatformConfiguration configuration) {
    Resolution resolution =
        Resolve.of("my-cluster", platform(platform), UserFields.NONE, configuration);
    assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    return String.join("; ", ((Resolution.Refused) resolution).problems());
  }

  private static PlatformSpec platform(String yaml) {
    // Without its first line a text in braces would be taken for JSON.
    return Serialization.unmarshal("---\n" + yaml, PlatformSpec.class);
  }

  private static Container workspace(PodSpec head) {
    return head.getInitContainers().get(1);
  }

  private static Volume volume(PodSpec head, String name) {
    return head.getVolumes().stream()
        .filter(volume -> name.equals(volume.getName()))
        .findFirst()
        .orElseThrow();
  }

  static PlatformConfiguration gke(String toolsImage) {
    Path file = Path.of("../helm/sp-ray-operator/files/platform/gke.yaml");
    try {
      return ConfigurationFile.parse(
          Files.readString(file)
              .replaceAll("# toolsImage: .*", "toolsImage: \"" + toolsImage + "\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
