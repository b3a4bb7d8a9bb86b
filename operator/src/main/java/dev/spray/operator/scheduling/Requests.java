package dev.spray.operator.scheduling;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What pods ask of their nodes, as Kubernetes' scheduler counts it: of all containers, or of the
 * greediest init container if that is more; a limit stands for a request that is missing.
 */
final class Requests {
  private static final BigDecimal KI = BigDecimal.valueOf(1024);
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  private final Map<String, BigDecimal> amounts = new TreeMap<>();

  static Requests of(Pod pod) {
    Requests running = new Requests();
    Requests starting = new Requests();
    for (Container init : pod.getSpec().getInitContainers()) {
      if ("Always".equals(init.getRestartPolicy())) {
        // A sidecar: it runs beside those that come after it.
        running.add(init);
      } else {
        Requests during = new Requests();
        during.add(running, 1);
        during.add(init);
        during.amounts.forEach(
            (name, amount) -> starting.amounts.merge(name, amount, BigDecimal::max));
      }
    }
    pod.getSpec().getContainers().forEach(running::add);
    starting.amounts.forEach(
        (name, amount) -> running.amounts.merge(name, amount, BigDecimal::max));
    Map<String, Quantity> overhead = pod.getSpec().getOverhead();
    if (overhead != null) {
      overhead.forEach(running::add);
    }
    return running;
  }

  /** Adds those of so many equal pods. */
  void add(Requests other, long pods) {
    other.amounts.forEach((name, amount) ->
        amounts.merge(name, amount.multiply(BigDecimal.valueOf(pods)), BigDecimal::add));
  }

  private void add(Container container) {
    if (container.getResources() == null) {
      return;
    }
    Map<String, Quantity> wanted = new TreeMap<>();
    if (container.getResources().getLimits() != null) {
      wanted.putAll(container.getResources().getLimits());
    }
    if (container.getResources().getRequests() != null) {
      wanted.putAll(container.getResources().getRequests());
    }
    wanted.forEach(this::add);
  }

  private void add(String name, Quantity amount) {
    amounts.merge(name, amount.getNumericalAmount(), BigDecimal::add);
  }

  /** By resource, in the form in which Kubernetes writes amounts. */
  Map<String, Quantity> quantities() {
    Map<String, Quantity> quantities = new TreeMap<>();
    amounts.forEach((name, amount) -> quantities.put(name, new Quantity(text(amount))));
    return quantities;
  }

  /** Large whole numbers are bytes, and small ones are what they are in either family of units. */
  private static String text(BigDecimal amount) {
    if (amount.stripTrailingZeros().scale() > 0) {
      return amount.movePointRight(3).setScale(0, RoundingMode.CEILING).toPlainString() + "m";
    }
    BigDecimal whole = amount;
    int unit = 0;
    while (whole.signum() > 0 && unit + 1 < UNITS.length && whole.remainder(KI).signum() == 0) {
      whole = whole.divide(KI);
      unit++;
    }
    return whole.toBigInteger() + UNITS[unit];
  }
}
