package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.failure.Failures;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.ClusterWriter;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Manifests;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.view.Description;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a cluster. */
@Command(
    name = "cluster",
    aliases = {"clusters", "raycluster", "rayclusters", "rc"},
    description = {
      "Create a Ray cluster and wait until it is ready.",
      "Without --file the platform's defaults hold: a head and one worker."
    })
final class CreateCluster extends Action {
  private static final int LONGEST_USER = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Its name (default: the file's, or your name and some letters).")
  private String name;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "A RayCluster in YAML, whole or short; - is standard input. Flags are laid over it.")
  private String file;

  @Mixin private ClusterFlags flags;

  @Option(names = "--suspend", description = "Begin without pods.")
  private Boolean suspend;

  @Option(
      names = "--if-exists",
      paramLabel = "error|skip",
      defaultValue = "error",
      description = "What to do when the name is taken (default: ${DEFAULT-VALUE}).")
  private IfExists ifExists;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Return when the cluster is ready (default), or at once.")
  private boolean wait;

  @Mixin private DryRun dryRun;

  @Mixin private WaitOptions waitOptions;

  /** What to do when the name is taken. */
  enum IfExists {
    error,
    skip
  }

  @Override
  int run() {
    ObjectNode manifest = manifest();
    if (dryRun.client()) {
      return shown(manifest);
    }
    Cluster created = create(manifest);
    if (created == null) {
      say(
          "Cluster "
              + Json.text(manifest, "metadata", "name")
              + " exists in namespace "
              + namespaceOf(manifest));
      return 0;
    }
    if (dryRun.server()) {
      return shown(created.tree());
    }
    if (wait && !created.suspended()) {
      try (Interruption _ = Interruption.leaves(terminal(), created)) {
        created = waitOptions.waiting(this, created).ready(created);
        // An operator that brings tutorials says how far it is.
        if (!created.condition("TutorialsReady").isMissingNode()) {
          created =
              waitOptions
                  .waiting(this, created)
                  .until(
                      created,
                      "uploading tutorial notebooks",
                      cluster -> cluster.is("TutorialsReady"));
        }
      }
    }
    return told(created);
  }

  private int told(Cluster created) {
    if (format().structured()) {
      Documents.print(terminal(), format(), created.tree());
    } else if (format() == OutputFormat.name) {
      say("raycluster.ray.io/" + created.name());
    } else {
      say("Created cluster " + created.name() + " in namespace " + created.namespace());
      if (created.is("TutorialsReady")) {
        say("Uploaded tutorial notebooks");
      }
      new Description(terminal(), Versions.OWN).print(created);
    }
    return 0;
  }

  private int shown(ObjectNode manifest) {
    Documents.print(terminal(), format().ofDocuments(), manifest);
    return 0;
  }

  /** What is to be created. */
  private ObjectNode manifest() {
    if (file == null) {
      return ClusterWriter.fresh(
          namespace(), name == null ? invented() : bare(name), flags.request(suspend));
    }
    ObjectNode manifest = Manifests.readOne(file, terminal().in());
    ObjectNode metadata = Json.object(manifest, "metadata");
    if (name != null) {
      metadata.put("name", bare(name));
    } else if (!metadata.has("name")) {
      metadata.put("name", invented());
    }
    if (globals().givenNamespace() != null || !metadata.has("namespace")) {
      metadata.put("namespace", namespace());
    }
    ClusterWriter.lay(manifest, flags.request(suspend));
    return manifest;
  }

  private static String namespaceOf(ObjectNode manifest) {
    return Json.text(manifest, "metadata", "namespace");
  }

  /** A name for who gave none: the person's, and some letters. */
  private static String invented() {
    String user =
        System.getProperty("user.name", "ray").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    String letters =
        Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
    return (user.isEmpty() || !Character.isLetter(user.charAt(0))
            ? "ray"
            : user.substring(0, Math.min(LONGEST_USER, user.length())))
        + "-"
        + letters;
  }

  /** Creates it; null when the name is taken and that is fine. */
  private Cluster create(ObjectNode manifest) {
    try {
      return clusters().create(manifest, dryRun.server());
    } catch (KubernetesClientException e) {
      Failure failure = Failures.of(e);
      if (failure.code() == ErrorCode.NAME_CONFLICT) {
        if (ifExists == IfExists.skip) {
          return null;
        }
        String taken = Json.text(manifest, "metadata", "name");
        throw new Failure(
                ErrorCode.NAME_CONFLICT,
                "cluster " + taken + " exists in namespace " + namespaceOf(manifest))
            .suggesting(
                "choose another name, change it with sp-ray update cluster "
                    + taken
                    + ", or delete it with sp-ray delete cluster "
                    + taken);
      }
      if (failure.reason().contains("unknown field \"spec.platform\"")
          || failure.reason().contains("spec.headGroupSpec: Required")) {
        throw new Failure(
                ErrorCode.VERSION_MISMATCH, "the operator here doesn't know short clusters")
            .because(failure.reason())
            .suggesting(
                "upgrade the operator and its CRDs, or give a whole RayCluster with --file");
      }
      throw failure;
    }
  }
}
