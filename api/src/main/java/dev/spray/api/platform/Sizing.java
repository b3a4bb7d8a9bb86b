package dev.spray.api.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the size of a Ray container: the user's, else what fits the machine that it gets. */
final class Sizing {
  private final PlatformConfiguration configuration;
  private final List<String> problems;
  private final String at;

  /**
   * @param problems get what can't be, in sentences that say what can
   * @param at the field that is sized, for people
   */
  Sizing(PlatformConfiguration configuration, List<String> problems, String at) {
    this.configuration = configuration;
    this.problems = problems;
    this.at = at;
  }

  /**
   * The container.
   *
   * @param said by the user
   * @param accelerator by the user; null: none
   * @param byDefault where there is no accelerator
   * @param beside other containers of the pod, which must have room on the machine as well
   */
  RayContainer container(Size said, Accelerator accelerator, Size byDefault, List<Beside> beside) {
    if (!isReadable(said)) {
      return RayContainer.plain(byDefault);
    }
    if (accelerator == null) {
      Size size = said.orElse(byDefault);
      fits(size, beside, configuration.machines(), "");
      return RayContainer.plain(size);
    }
    AcceleratorType type =
        accelerator.type() == null
            ? null
            : Accelerators.find(accelerator.type(), configuration).orElse(null);
    if (type == null) {
      problems.add(
          String.format(
              "%s.accelerator.type: there is no %s; possible are %s",
              at, accelerator.type(), Accelerators.possible(configuration)));
      return RayContainer.plain(byDefault);
    }
    return type.isTpu()
        ? tpu(said, accelerator, type, beside)
        : gpu(said, accelerator, type, beside);
  }

  private boolean isReadable(Size said) {
    int before = problems.size();
    if (said.cpu() != null && !Amounts.isPositive(said.cpu())) {
      problems.add(String.format("%s.cpu: %s is no amount above zero", at, said.cpu()));
    }
    if (said.memory() != null && !Amounts.isPositive(said.memory())) {
      problems.add(String.format("%s.memory: %s is no amount above zero", at, said.memory()));
    }
    return problems.size() == before;
  }

  private RayContainer gpu(
      Size said, Accelerator accelerator, AcceleratorType type, List<Beside> beside) {
    int count = accelerator.count() == null ? 1 : accelerator.count();
    if (accelerator.topology() != null) {
      problems.add(String.format("%s.accelerator.topology is for TPUs: remove it", at));
    }
    List<Machine> machines = type.machines(count);
    if (machines.isEmpty()) {
      problems.add(
          String.format(
              "%s.accelerator.count: no machine has %d of %s; possible are %s",
              at,
              count,
              accelerator.type(),
              type.counts().stream().map(String::valueOf).collect(Collectors.joining(", "))));
      return RayContainer.plain(configuration.sizes().worker());
    }
    Size size = said.orElse(machines.get(0).size());
    fits(size, beside, machines, String.format(" with %d of %s", count, accelerator.type()));
    return new RayContainer(size, configuration.gpu(), type, count, null, 1);
  }

  private RayContainer tpu(
      Size said, Accelerator accelerator, AcceleratorType type, List<Beside> beside) {
    String topology =
        accelerator.topology() == null
            ? type.topologies().keySet().iterator().next()
            : accelerator.topology();
    Integer perHost = type.topologies().get(topology);
    if (perHost == null) {
      problems.add(
          String.format(
              "%s.accelerator.topology: %s has no %s; possible are %s",
              at, accelerator.type(), topology, String.join(", ", type.topologies().keySet())));
      return RayContainer.plain(configuration.sizes().worker());
    }
    if (accelerator.count() != null && !accelerator.count().equals(perHost)) {
      problems.add(
          String.format(
              "%s.accelerator.count: a host of a %s slice has %d chips: set that, or remove it",
              at, topology, perHost));
    }
    int hosts = AcceleratorType.chips(topology).orElse(perHost) / perHost;
    Size size = said.orElse(type.machines(perHost).get(0).size());
    String with = String.format(" with %d of %s", perHost, accelerator.type());
    fits(size, beside, type.machines(perHost), with);
    return new RayContainer(size, configuration.tpu(), type, perHost, topology, hosts);
  }

  private void fits(Size size, List<Beside> beside, List<Machine> machines, String with) {
    List<Size> parts = new ArrayList<>(beside.stream().map(Beside::size).toList());
    parts.add(size);
    Size[] all = parts.toArray(Size[]::new);
    if (machines.stream().noneMatch(machine -> machine.allocatable().holds(all))) {
      problems.add(
          String.format(
              "%s: %s%s are more than any machine%s has; possible are %s",
              at,
              size,
              beside.isEmpty()
                  ? ""
                  : " with "
                      + beside.stream().map(Beside::toString).collect(Collectors.joining(" and ")),
              with,
              machines.stream()
                  .map(machine ->
                      String.format("%s on %s", machine.allocatable(), machine.machineType()))
                  .collect(Collectors.joining(", "))));
    }
  }
}
