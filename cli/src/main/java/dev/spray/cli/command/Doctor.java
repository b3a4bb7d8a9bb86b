package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.failure.Failures;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Clusters;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.Table;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks for what could be wrong. */
@Command(
    name = "doctor",
    description =
        "Look for what could be wrong; the exit code is 0 when all is well, else that of the first failure.")
final class Doctor extends Action {
  /** Names of the operator's lease: this one's, and KubeRay's. */
  private static final List<String> LEASES = List.of("sp-ray-operator", "ray-operator-leader");

  private static final Duration STALE = Duration.ofMinutes(1);

  @Mixin private OperatorNamespace operatorNamespace;

  private record Finding(String check, String result, String detail, int exitCode) {}

  private final List<Finding> findings = new ArrayList<>();

  @Override
  int run() {
    boolean reached =
        check("API server", () -> session().client().getKubernetesVersion().getGitVersion());
    if (reached) {
      boolean known = check("kind RayCluster", this::kind);
      check("operator", this::operator);
      check("namespace " + namespace(), this::rights);
      if (known) {
        check("clusters", this::clustersOfNamespace);
      }
    }
    if (format().structured()) {
      Documents.print(
          terminal(),
          format(),
          Documents.list(
              Documents.API_VERSION, "FindingList", findings.stream().map(Json::tree).toList()));
    } else {
      Table table = new Table("CHECK", "RESULT", "DETAIL");
      findings.forEach(finding -> table.row(finding.check(), finding.result(), finding.detail()));
      table.print(terminal().endless());
    }
    return findings.stream()
        .mapToInt(Finding::exitCode)
        .filter(code -> code != 0)
        .findFirst()
        .orElse(0);
  }

  private boolean check(String name, Supplier<String> look) {
    try {
      findings.add(new Finding(name, "ok", look.get(), 0));
      return true;
    } catch (Warning e) {
      findings.add(new Finding(name, "warning", e.getMessage(), 0));
      return true;
    } catch (RuntimeException e) {
      Failure failure = Failures.of(e);
      findings.add(
          new Finding(
              name,
              "failed",
              failure.getMessage() + (failure.reason().isEmpty() ? "" : ": " + failure.reason()),
              failure.code().exitCode()));
      return false;
    }
  }

  private static final class Warning extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Warning(String message) {
      super(message);
    }
  }

  private String kind() {
    List<Cluster> _ = clusters().list(namespace(), null);
    return allowed(() ->
            session()
                .client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("rayclusters.ray.io")
                .get())
        .map(crd -> Json.tree(crd).findValues("platform").isEmpty() ? "without" : "with")
        .map(platform -> "served, " + platform + " spec.platform")
        .orElse("served");
  }

  /** Empty where there is none, and for who may not see it, as most people may not. */
  private static <T> Optional<T> allowed(Supplier<T> get) {
    try {
      return Optional.ofNullable(get.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private String operator() {
    for (String name : LEASES) {
      Optional<LeaseSpec> lease =
          allowed(() ->
                  session()
                      .client()
                      .leases()
                      .inNamespace(operatorNamespace.name())
                      .withName(name)
                      .get())
              .map(Lease::getSpec)
              .filter(spec -> spec.getRenewTime() != null);
      if (lease.isPresent()) {
        Duration age = Duration.between(lease.get().getRenewTime().toInstant(), Instant.now());
        if (age.compareTo(STALE) > 0) {
          throw new Failure(
              ErrorCode.OPERATOR_NOT_RUNNING,
              "lease " + name + " was renewed last " + Ages.words(age) + " ago");
        }
        return "lease " + name + " is held by " + lease.get().getHolderIdentity();
      }
    }
    throw new Warning(
        "no lease that you may see, "
            + String.join(" or ", LEASES)
            + " in namespace "
            + operatorNamespace.name()
            + "; an operator that is alone needs none");
  }

  private String rights() {
    List<String> missing = new ArrayList<>();
    for (String right :
        List.of(
            "list rayclusters",
            "create rayclusters",
            "patch rayclusters",
            "delete rayclusters",
            "list pods",
            "get pods/log",
            "create pods/portforward",
            "create pods/exec")) {
      if (!may(right)) {
        missing.add(right);
      }
    }
    if (!missing.isEmpty()) {
      throw new Warning("you may not: " + String.join(", ", missing));
    }
    return "you may create, change and enter clusters";
  }

  private boolean may(String right) {
    String[] words = right.split(" ", 2);
    String[] resource = words[1].split("/", 2);
    var review =
        session()
            .client()
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(
                new SelfSubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withNewResourceAttributes()
                    .withNamespace(namespace())
                    .withVerb(words[0])
                    .withGroup(resource[0].equals("rayclusters") ? Clusters.KIND.getGroup() : "")
                    .withResource(resource[0])
                    .withSubresource(resource.length > 1 ? resource[1] : null)
                    .endResourceAttributes()
                    .endSpec()
                    .build());
    return Boolean.TRUE.equals(review.getStatus().getAllowed());
  }

  private String clustersOfNamespace() {
    List<Cluster> all = clusters().list(namespace(), null);
    List<String> troubled =
        all.stream()
            .filter(cluster -> cluster.state().equals("Stalled") || !cluster.observed())
            .map(
                cluster -> cluster.name() + (cluster.observed() ? " is stalled" : " is unattended"))
            .toList();
    if (!troubled.isEmpty()) {
      throw new Warning(String.join(", ", troubled));
    }
    return all.size() + " in namespace " + namespace();
  }
}
