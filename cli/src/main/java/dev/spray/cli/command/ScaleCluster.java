package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import dev.spray.cli.kube.ScalePatch;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scales a worker group. */
@Command(
    name = "cluster",
    aliases = {"clusters", "raycluster", "rayclusters", "rc"},
    description = "Change the number of workers of a group.")
final class ScaleCluster extends Action {
  private static final int TRIES = 5;

  /** The API server's answers to a patch whose test failed, and to one that came too late. */
  private static final List<Integer> MOVED = List.of(409, 422);

  @Parameters(paramLabel = "NAME", description = "The cluster.")
  private String name;

  @Option(
      names = {"-g", "--worker-group"},
      paramLabel = "GROUP",
      description = "The group; may be left out where there is one.")
  private String group;

  @Option(
      names = {"-r", "--replicas"},
      paramLabel = "N",
      description = "Workers that are wanted.")
  private Integer replicas;

  @Option(
      names = "--min",
      paramLabel = "N",
      description = "Fewest that Ray's autoscaler may leave.")
  private Integer min;

  @Option(names = "--max", paramLabel = "N", description = "Most that may be asked for.")
  private Integer max;

  @Option(names = "--wait", description = "Return when the workers are there.")
  private boolean wait;

  @Mixin private DryRun dryRun;

  @Mixin private WaitOptions waitOptions;

  @Override
  int run() {
    Cluster cluster = cluster(name);
    for (int tries = 1; ; tries++) {
      ScalePatch patch = ScalePatch.of(cluster, group, replicas, min, max);
      if (dryRun.client()) {
        terminal().out().println(patch.json());
        return 0;
      }
      try {
        return done(
            clusters().patch(cluster, PatchType.JSON, patch.json(), dryRun.server()), patch);
      } catch (KubernetesClientException e) {
        if (!MOVED.contains(e.getCode()) || tries == TRIES || !moved(cluster)) {
          throw e;
        }
        cluster = cluster(name);
      }
    }
  }

  /** Whether somebody changed the groups since we looked: then the refusal may be due to that. */
  private boolean moved(Cluster seen) {
    List<String> before = seen.groups().stream().map(Group::name).toList();
    return !before.equals(cluster(name).groups().stream().map(Group::name).toList());
  }

  private int done(Cluster scaled, ScalePatch patch) {
    if (format().structured()) {
      Documents.print(terminal(), format(), scaled.tree());
    } else if (format() == OutputFormat.name) {
      say("raycluster.ray.io/" + scaled.name());
    } else {
      say(
          "Scaled worker group "
              + patch.group().name()
              + " of cluster "
              + scaled.name()
              + " in namespace "
              + scaled.namespace()
              + " "
              + patch.change()
              + (dryRun.server() ? " (server dry run)" : ""));
    }
    if (wait && dryRun.none()) {
      if (scaled.suspended()) {
        throw new Failure(
                ErrorCode.INVALID_CONFIG,
                "cluster " + scaled.name() + " is suspended: it has no workers")
            .suggesting("sp-ray resume cluster " + scaled.name() + " -n " + scaled.namespace());
      }
      var _ = waitOptions.waiting(this, scaled).ready(scaled);
    }
    return 0;
  }
}
