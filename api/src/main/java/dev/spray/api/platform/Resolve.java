package dev.spray.api.platform;

import dev.spray.api.RayVersion;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.AutoscalerOptions;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a plain and complete spec of {@code spec.platform}: the same for the same platform and
 * configuration, whatever else there is. KubeRay would run it too.
 */
public final class Resolve {
  private static final String PLATFORM = "spec.platform";

  private final String cluster;
  private final PlatformSpec platform;
  private final UserFields user;
  private final PlatformConfiguration configuration;
  private final List<String> problems = new ArrayList<>();

  private Resolve(
      String cluster, PlatformSpec platform, UserFields user, PlatformConfiguration configuration) {
    this.cluster = cluster;
    this.platform = platform;
    this.user = user;
    this.configuration = configuration;
  }

  /**
   * Makes a plain spec of a short one, or says why there is none.
   *
   * @param cluster its name, after which what its pods refer to is named
   * @param user what else the user says of the cluster
   */
  public static Resolution of(
      String cluster, PlatformSpec platform, UserFields user, PlatformConfiguration configuration) {
    return new Resolve(cluster, platform, user, configuration).resolution();
  }

  private Resolution resolution() {
    ImageChoice image = ImageChoice.of(platform, user, configuration, problems);
    Placing placing = Placing.of(platform, configuration, problems);
    boolean bounded = platform.groups().stream().anyMatch(PlatformGroup::bounded);
    boolean autoscaled = user.autoscaled().orElse(bounded);
    PodTemplates templates =
        new PodTemplates(image.image(), account(), placing, configuration.security(), autoscaled);

    HeadGroupSpec head = head(templates, autoscaled);
    List<WorkerGroupSpec> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (PlatformGroup group : platform.groups()) {
      String at = String.format("%s.groups[%s]", PLATFORM, group.groupName());
      if (group.groupName() == null || group.groupName().isEmpty()) {
        problems.add(PLATFORM + ".groups: every group needs a groupName");
      } else if (!names.add(group.groupName())) {
        problems.add(String.format("%s: two groups are called so: rename one of them", at));
      }
      groups.add(group(at, group, templates, autoscaled));
    }
    if (!problems.isEmpty()) {
      return new Resolution.Refused(problems);
    }
    Optional<RayVersion> version = RayVersion.of(image.rayVersion());
    return new Resolution.Resolved(
        user.rayVersion().isPresent() ? null : image.rayVersion(),
        head,
        groups,
        (autoscaled && user.autoscaled().isEmpty()) ? Boolean.TRUE : null,
        (autoscaled && !user.autoscalerOptions()) ? autoscaler(version, templates) : null,
        user.authOptions() ? null : authentication(version),
        image,
        placing.streams() ? doubts(head, groups) : List.of());
  }

  private List<String> doubts(HeadGroupSpec head, List<WorkerGroupSpec> groups) {
    Stream<PodTemplateSpec> templates =
        Stream.concat(Stream.of(head.template()), groups.stream().map(WorkerGroupSpec::template));
    return StreamingDoubts.of(
        templates.flatMap(template -> template.getSpec().getContainers().stream()),
        configuration.placement().streamingRegistries());
  }

  private String account() {
    return Optional.ofNullable(platform.serviceAccountName())
        .filter(name -> !name.isEmpty())
        .orElse(configuration.serviceAccountName());
  }

  private HeadGroupSpec head(PodTemplates templates, boolean autoscaled) {
    PlatformHead head = platform.head() == null ? PlatformHead.NOTHING : platform.head();
    Sizing sizing = new Sizing(configuration, problems, PLATFORM + ".head");
    List<Beside> beside = new ArrayList<>();
    if (autoscaled) {
      beside.add(new Beside(configuration.sizes().autoscaler(), "Ray's autoscaler"));
    }
    Optional<Workspace> workspace = workspace();
    Size wanted = configuration.workspace().size();
    workspace.ifPresent(
        some -> beside.add(new Beside(WorkspaceSizing.least(wanted), "the workspace")));
    RayContainer ray =
        sizing.container(
            new Size(head.cpu(), head.memory()),
            head.accelerator(),
            configuration.sizes().head(),
            beside);
    if (ray.isTpu()) {
      problems.add(
          PLATFORM
              + ".head.accelerator: TPUs are for groups: move it to one of "
              + PLATFORM
              + ".groups");
    }
    PodTemplateSpec template = templates.head(ray);
    return new HeadGroupSpec(
        null,
        Map.of(),
        workspace
            .map(some -> templates.with(parts(some, ray, autoscaled, templates), template))
            .orElse(template));
  }

  /** Empty: none is asked for, or none can be had. */
  private Optional<Workspace> workspace() {
    String at = PLATFORM + ".workspace";
    Optional<Workspace> workspace = Workspace.of(platform);
    if (workspace.isPresent() && !configuration.workspace().arePossible()) {
      problems.add(
          at
              + ": this platform has no workspaces: remove it, or have workspace.toolsImage in the"
              + " platform configuration name the image with the tools");
      return Optional.empty();
    }
    workspace.ifPresent(some -> problems.addAll(some.problems(at)));
    return workspace;
  }

  private WorkspaceParts parts(
      Workspace workspace, RayContainer ray, boolean autoscaled, PodTemplates templates) {
    List<Size> others =
        autoscaled ? List.of(ray.size(), configuration.sizes().autoscaler()) : List.of(ray.size());
    List<Machine> machines =
        ray.type() == null ? configuration.machines() : ray.type().machines(ray.count());
    return new WorkspaceParts(
        cluster,
        workspace,
        configuration.workspace().toolsImage(),
        WorkspaceSizing.of(configuration.workspace().size(), others, machines),
        templates.containerSecurity());
  }

  private WorkerGroupSpec group(
      String at, PlatformGroup group, PodTemplates templates, boolean autoscaled) {
    RayContainer ray =
        new Sizing(configuration, problems, at)
            .container(
                new Size(group.cpu(), group.memory()),
                group.accelerator(),
                configuration.sizes().worker(),
                List.of());
    int replicas = group.wantedReplicas();
    int min = group.minReplicas() == null ? 0 : group.minReplicas();
    int max =
        group.maxReplicas() != null
            ? group.maxReplicas()
            : autoscaled ? Math.max(replicas, min) : Integer.MAX_VALUE;
    if (min > max || replicas < min || replicas > max) {
      problems.add(
          String.format(
              "%s: %d replicas are not between minReplicas %d and maxReplicas %d: change one of"
                  + " them",
              at, replicas, min, max));
    }
    return new WorkerGroupSpec(
        group.groupName(),
        replicas,
        min,
        max,
        ray.hosts() == 1 ? null : (Integer) ray.hosts(),
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        templates.worker(ray, capacity(at, group)));
  }

  private NodeChoice capacity(String at, PlatformGroup group) {
    String kind = group.capacityKind();
    NodeChoice choice = configuration.capacity().get(kind);
    if (choice == null) {
      if (!kind.equals(PlatformGroup.ON_DEMAND)) {
        problems.add(
            String.format(
                "%s.capacity: this platform has no %s; possible are %s",
                at, kind, configuration.capacity().keySet()));
      }
      return new NodeChoice(null, null);
    }
    boolean reserved = kind.equals(PlatformGroup.RESERVATION);
    String reservation = group.reservation();
    if (reservation != null && !reserved) {
      problems.add(
          String.format("%s.reservation is for capacity: Reservation; set that, or remove it", at));
    } else if (choice.needsReservation() && reservation == null) {
      problems.add(String.format("%s.reservation is missing: name the reservation", at));
      return new NodeChoice(null, null);
    }
    return choice.of(reservation);
  }

  /** Its token is mounted in it alone, as {@link PodTemplates} says. */
  private AutoscalerOptions autoscaler(Optional<RayVersion> version, PodTemplates templates) {
    Size size = configuration.sizes().autoscaler();
    Map<String, Quantity> amounts = new TreeMap<>();
    amounts.put("cpu", size.cpu());
    amounts.put("memory", size.memory());
    return new AutoscalerOptions(
        version.filter(v -> v.isAtLeast(2, 10)).map(v -> AutoscalerOptions.V2).orElse(null),
        null,
        null,
        null,
        null,
        new ResourceRequirementsBuilder()
            .withRequests(amounts)
            .withLimits(Map.of("memory", size.memory()))
            .build(),
        null,
        null,
        List.of(PodTemplates.tokenMount()),
        templates.containerSecurity(),
        null,
        null);
  }

  /**
   * Only where the Ray version is known to have it. What was settled stays, whatever the
   * configuration says by now: a head without a token lets in no worker with one, nor the other way
   * round.
   */
  private AuthOptions authentication(Optional<RayVersion> version) {
    boolean possible = version.filter(v -> v.isAtLeast(2, 52)).isPresent();
    boolean wanted =
        user.before().settles()
            || !Security.DISABLED.equals(configuration.security().authentication());
    return possible && wanted ? AuthOptions.BY_TOKEN : null;
  }
}
