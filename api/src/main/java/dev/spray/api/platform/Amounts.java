package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Quantity;

/** What may stand where an amount is meant. */
final class Amounts {

  /** Whether it can be read, and is more than nothing. */
  static boolean isPositive(Quantity amount) {
    try {
      return amount != null
          && amount.getAmount() != null
          && !amount.getAmount().isEmpty()
          && amount.getNumericalAmount().signum() > 0;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  private Amounts() {}
}
