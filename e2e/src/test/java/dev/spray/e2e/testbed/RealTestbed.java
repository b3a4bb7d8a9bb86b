package dev.spray.e2e.testbed;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Three real nodes that run real Ray. Beside Ray their image has what a lock file of {@code
 * deploy/images/ml} names: {@code -Dray.image=pyg} has it from {@code pyg.txt}.
 */
public final class RealTestbed extends SharedTestbed {
  /** Name of the lock file. */
  public static final String IMAGE = System.getProperty("ray.image", "xgboost");

  public RealTestbed() {
    super("real", "--ray-packages", lockFile().toString());
  }

  private static Path lockFile() {
    Path file = Testbed.ROOT.resolve("deploy/images/ml/" + IMAGE + ".txt");
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("-Dray.image=" + IMAGE + ": there is no " + file);
    }
    return file;
  }
}
