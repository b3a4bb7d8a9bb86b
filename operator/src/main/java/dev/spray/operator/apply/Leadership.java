package dev.spray.operator.apply;

/** Whether this instance may write. */
@FunctionalInterface
public interface Leadership {

  /** True while the lease is surely held: asked before every single write. */
  boolean mayWrite();

  /**
   * Lets a write pass or not.
   *
   * @throws Lost when this instance may not write
   */
  default void require() {
    if (!mayWrite()) {
      throw new Lost();
    }
  }

  /** Thrown instead of a write that a non-leader must not make. */
  final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost() {
      super("the lease is not held any more: nothing is written");
    }
  }
}
