package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a cluster asks for when all its wanted pods run: requests, else limits, of all containers.
 */
record DesiredResources(Quantity cpu, Quantity memory, Quantity gpu, Quantity tpu) {
  private static final BigDecimal KI = BigDecimal.valueOf(1024);
  private static final BigDecimal KILO = BigDecimal.valueOf(1000);
  private static final String[] DECIMAL_UNITS = {"", "k", "M", "G", "T", "P"};
  private static final String[] BINARY_UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  static DesiredResources of(RayClusterSpec spec) {
    return new DesiredResources(
        decimal(sum(spec, "cpu"::equals)),
        memory(spec),
        decimal(sum(spec, resource -> resource.endsWith("gpu"))),
        decimal(sum(spec, "google.com/tpu"::equals)));
  }

  /** In the family of units that the user wrote: binary, unless an amount is in decimal ones. */
  private static Quantity memory(RayClusterSpec spec) {
    boolean decimal =
        Stream.concat(
                Stream.of(spec.headGroupSpec().template()),
                spec.workerGroupSpecs().stream().map(WorkerGroupSpec::template))
            .flatMap(template -> template.getSpec().getContainers().stream())
            .flatMap(container -> quantities(container, "memory"::equals))
            .anyMatch(amount -> List.of(DECIMAL_UNITS).indexOf(amount.getFormat()) > 0);
    BigDecimal bytes = sum(spec, "memory"::equals);
    return decimal ? inUnits(bytes, KILO, DECIMAL_UNITS) : inUnits(bytes, KI, BINARY_UNITS);
  }

  private static BigDecimal sum(RayClusterSpec spec, Predicate<String> resource) {
    BigDecimal sum = ofPod(spec.headGroupSpec().template(), resource);
    for (var group : spec.workerGroupSpecs()) {
      sum =
          sum.add(
              ofPod(group.template(), resource).multiply(BigDecimal.valueOf(group.desiredPods())));
    }
    return sum;
  }

  private static BigDecimal ofPod(PodTemplateSpec template, Predicate<String> resource) {
    return template.getSpec().getContainers().stream()
        .flatMap(container -> quantities(container, resource))
        .map(Quantity::getNumericalAmount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Stream<Quantity> quantities(Container container, Predicate<String> resource) {
    if (container.getResources() == null) {
      return Stream.empty();
    }
    Map<String, Quantity> requests = orEmpty(container.getResources().getRequests());
    Map<String, Quantity> limits = orEmpty(container.getResources().getLimits());
    return Stream.concat(requests.keySet().stream(), limits.keySet().stream())
        .distinct()
        .filter(resource)
        .map(name -> requests.getOrDefault(name, limits.get(name)));
  }

  private static Map<String, Quantity> orEmpty(Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }

  /** Whole numbers plain, fractions in thousandths, as Kubernetes writes CPUs. */
  private static Quantity decimal(BigDecimal amount) {
    BigDecimal plain = amount.stripTrailingZeros();
    return plain.scale() <= 0
        ? new Quantity(plain.toPlainString())
        : new Quantity(
            amount.movePointRight(3).setScale(0, RoundingMode.CEILING).toPlainString() + "m");
  }

  /** In the largest unit that leaves no fraction, as Kubernetes writes memory. */
  private static Quantity inUnits(BigDecimal bytes, BigDecimal step, String[] units) {
    BigDecimal amount = bytes;
    int unit = 0;
    while (amount.signum() > 0 && unit + 1 < units.length && amount.remainder(step).signum() == 0) {
      amount = amount.divide(step);
      unit++;
    }
    return new Quantity(amount.toBigInteger() + units[unit]);
  }
}
