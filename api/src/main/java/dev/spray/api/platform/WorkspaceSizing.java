package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the size of a workspace. Its memory is asked for, and no more may be had: together the
 * containers of the pod can't use up the node, so that nothing that happens in the workspace takes
 * the head with it. Ray's own size stays as it is.
 */
final class WorkspaceSizing {
  private static final BigDecimal MI = BigDecimal.valueOf(1024 * 1024);

  /** In which a notebook server, an editor and a small notebook run. */
  private static final Quantity LEAST = new Quantity("1Gi");

  /** What must be left for it. */
  static Size least(Size wanted) {
    return isMore(wanted.memory(), LEAST) ? new Size(wanted.cpu(), LEAST) : wanted;
  }

  /**
   * As much as wanted, and no more than is left on any machine on which the pod may come to lie.
   *
   * @param others the other containers of the pod
   * @param machines that there are for it; one of them at least has room for it
   */
  static Size of(Size wanted, List<Size> others, List<Machine> machines) {
    Size[] all = Stream.concat(others.stream(), Stream.of(least(wanted))).toArray(Size[]::new);
    return machines.stream()
        .filter(machine -> machine.allocatable().holds(all))
        .map(machine -> left(machine.allocatable(), others))
        .min(BigDecimal::compareTo)
        .filter(left -> left.compareTo(wanted.memory().getNumericalAmount()) < 0)
        .map(left -> new Size(wanted.cpu(), inMi(left)))
        .orElse(wanted);
  }

  private static BigDecimal left(Size machine, List<Size> others) {
    return others.stream()
        .map(other -> other.memory().getNumericalAmount())
        .reduce(machine.memory().getNumericalAmount(), BigDecimal::subtract);
  }

  private static Quantity inMi(BigDecimal bytes) {
    BigInteger whole = bytes.divideToIntegralValue(MI).toBigInteger();
    return new Quantity(whole + "Mi");
  }

  private static boolean isMore(Quantity one, Quantity other) {
    return one.getNumericalAmount().compareTo(other.getNumericalAmount()) > 0;
  }

  private WorkspaceSizing() {}
}
