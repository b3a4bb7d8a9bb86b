package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is wrong with a platform configuration: each is a sentence that names the key. */
final class ConfigurationProblems {
  private static final Set<String> CAPACITIES =
      new TreeSet<>(
          Set.of(
              PlatformGroup.ON_DEMAND,
              PlatformGroup.SPOT,
              PlatformGroup.FLEX_START,
              PlatformGroup.RESERVATION));

  private final PlatformConfiguration configuration;
  private final List<String> problems = new ArrayList<>();

  private ConfigurationProblems(PlatformConfiguration configuration) {
    this.configuration = configuration;
  }

  static List<String> of(PlatformConfiguration configuration) {
    ConfigurationProblems found = new ConfigurationProblems(configuration);
    found.images();
    found.sizes();
    found.accelerators();
    found.capacity();
    found.problems.addAll(PlacementProblems.of(configuration));
    found.security();
    found.lifecycle();
    found.workspace();
    return found.problems;
  }

  private void images() {
    Images images = configuration.images();
    if (images == null || images.catalogue().isEmpty()) {
      problems.add("images.catalogue is missing: name an image at least");
      return;
    }
    images
        .catalogue()
        .forEach((name, versions) -> {
          if (versions == null || versions.isEmpty()) {
            problems.add(String.format("images.catalogue.%s has no version: add one", name));
            return;
          }
          for (Images.ImageVersion version : versions) {
            if (version == null || version.image() == null || version.image().isEmpty()) {
              problems.add(String.format("images.catalogue.%s has a version without image", name));
            }
          }
        });
    if (images.byDefault() == null) {
      problems.add("images.default is missing: name one of " + images.catalogue().keySet());
    } else {
      image("images.default", images.byDefault());
    }
  }

  private void image(String key, String name) {
    Set<String> known = configuration.images().catalogue().keySet();
    if (name != null && !known.contains(name)) {
      problems.add(String.format("%s: there is no image %s; possible are %s", key, name, known));
    }
  }

  private void sizes() {
    Sizes sizes = configuration.sizes();
    if (sizes == null) {
      problems.add("sizes is missing: say what head, worker and autoscaler get");
      return;
    }
    size("sizes.head", sizes.head());
    size("sizes.worker", sizes.worker());
    size("sizes.autoscaler", sizes.autoscaler());
    if (configuration.machines().isEmpty()) {
      problems.add("machines is empty: name a machine without accelerators at least");
    }
    machines("machines", configuration.machines(), false);
  }

  private void size(String key, Size size) {
    if (size == null) {
      problems.add(key + " is missing: give it cpu and memory");
      return;
    }
    amount(key + ".cpu", size.cpu());
    amount(key + ".memory", size.memory());
  }

  private void amount(String key, Quantity amount) {
    if (!Amounts.isPositive(amount)) {
      problems.add(
          String.format(
              "%s: %s is no amount above zero", key, amount == null ? "nothing" : amount));
    }
  }

  private void machines(String key, List<Machine> machines, boolean counted) {
    for (int i = 0; i < machines.size(); i++) {
      Machine machine = machines.get(i);
      String at = String.format("%s[%d]", key, i);
      if (machine.machineType() == null || machine.machineType().isEmpty()) {
        problems.add(at + ".machineType is missing");
      }
      int before = problems.size();
      size(at + ".allocatable", machine.allocatable());
      machine.hourly().keySet().forEach(kind -> known(at + ".hourly", kind));
      if (counted ? machine.accelerators() < 1 : machine.count() != null) {
        problems.add(
            counted
                ? at + ".count is missing: say how many accelerators it has"
                : at + ".count is for machines with accelerators: remove it");
      }
      if (machine.size() == null) {
        if (counted) {
          problems.add(at + ".size is missing: say what a Ray container on it gets by default");
        }
        continue;
      }
      size(at + ".size", machine.size());
      if (problems.size() == before && !machine.allocatable().holds(machine.size())) {
        problems.add(
            String.format(
                "%s.size: %s is more than the %s that are allocatable",
                at, machine.size(), machine.allocatable()));
      }
    }
  }

  private void known(String key, String capacity) {
    if (!CAPACITIES.contains(capacity)) {
      problems.add(
          String.format("there is no key %s.%s; possible are %s", key, capacity, CAPACITIES));
    }
  }

  private void accelerators() {
    nodes("gpu", configuration.gpu());
    nodes("tpu", configuration.tpu());
    Map<String, String> names = new HashMap<>();
    configuration
        .accelerators()
        .forEach((name, type) -> {
          String at = "accelerators." + name;
          if (type == null || type.kind() == null || type.label() == null) {
            problems.add(at + " needs kind (GPU or TPU) and label");
            return;
          }
          List<String> all = new ArrayList<>(type.names());
          all.add(name);
          if (!type.label().equals(name)) {
            all.add(type.label());
          }
          for (String each : all) {
            String other = names.put(each, name);
            if (other != null) {
              problems.add(
                  String.format("%s and accelerators.%s are both called %s", at, other, each));
            }
          }
          accelerator(at, type);
        });
  }

  private void nodes(String key, AcceleratorNodes nodes) {
    if (nodes != null) {
      if (nodes.resource() == null) {
        problems.add(key + ".resource is missing: say what a container asks for");
      }
      if (nodes.image() != null && configuration.images() != null) {
        image(key + ".image", nodes.image());
      }
    }
  }

  private void accelerator(String at, AcceleratorType type) {
    boolean gpu = AcceleratorType.GPU.equals(type.kind());
    if (!gpu && !type.isTpu()) {
      problems.add(
          String.format("%s.kind: there is no %s; possible are GPU and TPU", at, type.kind()));
      return;
    }
    if ((gpu ? configuration.gpu() : configuration.tpu()) == null) {
      problems.add(String.format("%s is missing, and %s needs it", gpu ? "gpu" : "tpu", at));
    }
    if (type.machines().isEmpty()) {
      problems.add(at + ".machines is empty: name a machine that has it");
    }
    machines(at + ".machines", type.machines(), true);
    if (type.isTpu() == type.topologies().isEmpty()) {
      problems.add(
          at + (gpu ? ".topologies is for TPUs: remove it" : ".topologies is empty: name one"));
    }
    type.topologies()
        .forEach((topology, perHost) -> {
          int chips = AcceleratorType.chips(topology).orElse(0);
          if (chips == 0) {
            problems.add(
                String.format(
                    "%s.topologies: %s is no topology; write it like 2x4 or 2x2x1", at, topology));
          } else if (perHost == null || perHost < 1 || chips % perHost != 0) {
            problems.add(
                String.format(
                    "%s.topologies.%s: its %d chips are not shared by hosts of %s",
                    at, topology, chips, perHost));
          } else if (!type.counts().contains(perHost)) {
            problems.add(
                String.format("%s.topologies.%s: no machine has %d chips", at, topology, perHost));
          }
        });
  }

  private void capacity() {
    configuration
        .capacity()
        .forEach((kind, choice) -> {
          known("capacity", kind);
          if (choice == null) {
            problems.add(String.format("capacity.%s has no value: write {} for no rule", kind));
          } else if (choice.needsReservation() && !kind.equals(PlatformGroup.RESERVATION)) {
            problems.add(
                String.format(
                    "capacity.%s: %s has a value for %s only",
                    kind, NodeChoice.RESERVATION, PlatformGroup.RESERVATION));
          }
        });
  }

  private void security() {
    Security security = configuration.security();
    oneOf("security.authentication", security.authentication(), Security.TOKEN, Security.DISABLED)
        .ifPresent(problems::add);
    oneOf(
            "security.podSecurity",
            security.podSecurity(),
            Security.RESTRICTED,
            Security.UNRESTRICTED)
        .ifPresent(problems::add);
  }

  private void lifecycle() {
    LifecycleRules rules = configuration.lifecycle();
    if (rules != null && rules.warning() != null && TimeSpan.of(rules.warning()).isEmpty()) {
      problems.add(
          String.format(
              "lifecycle.warning: \"%s\" is no time: %s", rules.warning(), TimeSpan.REMEDY));
    }
  }

  private void workspace() {
    WorkspaceRules rules = configuration.workspace();
    String image = rules.toolsImage();
    if (image == null || image.isEmpty()) {
      return;
    }
    if (!image.matches(".*(:[^/:]+|@.+)")) {
      problems.add(
          String.format(
              "workspace.toolsImage: %s has neither tag nor digest, so that nobody knows which tools"
                  + " a cluster gets: add one",
              image));
    }
    size("workspace.size", rules.size());
  }

  /** The problem of a value that is none of these; empty when there is none. */
  static Optional<String> oneOf(String key, String value, String... possible) {
    return value == null || List.of(possible).contains(value)
        ? Optional.empty()
        : Optional.of(
            String.format(
                "%s: there is no %s; possible are %s", key, value, String.join(", ", possible)));
  }
}
