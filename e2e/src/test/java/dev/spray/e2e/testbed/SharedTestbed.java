package dev.spray.e2e.testbed;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one testbed of their profile that the JVM starts, shares and takes down. */
abstract class SharedTestbed implements ParameterResolver {
  private final String profile;
  private final String[] options;

  SharedTestbed(String profile, String... options) {
    this.profile = profile;
    this.options = options;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == Testbed.class;
  }

  @Override
  public Testbed resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedTestbed.class))
        .computeIfAbsent(profile, name -> new Running(start()), Running.class)
        .testbed();
  }

  private Testbed start() {
    Testbed testbed =
        Testbed.up(profile, Testbed.ROOT.resolve("target/testbed-" + profile), options);
    Installation.into(testbed);
    return testbed;
  }

  private record Running(Testbed testbed) implements AutoCloseable {
    @Override
    public void close() {
      testbed.down();
    }
  }
}
