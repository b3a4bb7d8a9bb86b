package dev.spray.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.RayPod;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LooksTest {
  private static final List<RayPod> PODS =
      List.of(
          pod("my-cluster-head", "headgroup", true, "gke-cpu-1", "Running", "", "0"),
          pod(
              "my-cluster-worker-worker-x7k2p",
              "worker",
              false,
              null,
              "ImagePullBackOff",
              "manifest unknown",
              "1"));

  @ParameterizedTest
  @EnumSource(Where.class)
  void clustersInATable(Where where) {
    Golden.check(
        "get",
        where,
        terminal -> ClusterTable.of(Golden.clusters(), false, false, Golden.NOW).print(terminal));
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void clustersInAWideTable(Where where) {
    Golden.check(
        "get-wide",
        where,
        terminal ->
            ClusterTable.of(Golden.clusters(), true, true, Golden.NOW).print(terminal.endless()));
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void aCluster(Where where) {
    Golden.check(
        "describe",
        where,
        terminal -> {
          Cluster cluster = Golden.clusters().getFirst();
          new Description(terminal, "0.1.0").print(cluster);
          new Details(terminal, cluster, Golden.NOW)
              .print(
                  PODS,
                  List.of(
                      new Problem("my-cluster-worker-worker-x7k2p", "Failed: manifest unknown")));
        });
  }

  @Test
  void clustersOfEveryState() {
    Golden.check(
        "describe-others",
        Where.PIPE,
        terminal ->
            Golden.clusters().stream()
                .skip(1)
                .forEach(cluster -> {
                  new Description(terminal, "0.1.0").print(cluster);
                  new Details(terminal, cluster, Golden.NOW).print(List.of(), List.of());
                  terminal.out().println("====");
                }));
  }

  /** The origin's layout: what its readers and programs rely on. */
  @Test
  void theFirstPartIsTheOrigins() {
    StringWriter out = new StringWriter();
    new Description(Golden.terminal(Where.PIPE, out, out), "0.3.0")
        .print(Golden.clusters().getFirst());
    assertThat(
            out.toString()
                .replaceAll("(?m)^(server|notebook server|OpenVSCode server|head IP) .*$", "$1"))
        .isEqualTo(
            """
            sp-ray version          0.3.0
            server
            server
            service account         ray
            head IP
            server
            notebook server
            OpenVSCode server
            workers                 1

            head group
              replicas              1
              CPUs                  15
              GPUs                  0
              memory                48Gi

            worker groups
                replicas            1
                CPUs                15
                GPUs                1
                GPU type            t4
                memory              48Gi
            """);
  }

  private static RayPod pod(
      String name,
      String group,
      boolean head,
      String node,
      String status,
      String detail,
      String gpus) {
    return new RayPod(
        name,
        group,
        head,
        node,
        head,
        status,
        detail,
        "image",
        gpus,
        Map.of(),
        "2026-01-01T11:59:58Z");
  }
}
