package dev.spray.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program {@code testbed proxy}: faults between clients and a testbed's API server. */
public final class FaultProxy {
  private final FaultControl control;
  private final Path kubeconfig;

  private FaultProxy(FaultControl control, Path kubeconfig) {
    this.control = control;
    this.kubeconfig = kubeconfig;
  }

  /** Starts the testbed's proxy, or finds the one that runs. It ends with the testbed. */
  public static FaultProxy of(Testbed testbed) {
    String running =
        Testbed.execute(
            List.of(
                Testbed.ROOT.resolve("testbed/testbed").toString(),
                "proxy",
                "--dir",
                testbed.kubeconfig().getParent().toString()));
    JsonNode addresses = FaultControl.parse(running, JsonNode.class);
    return new FaultProxy(
        new FaultControl(URI.create(addresses.get("control").asText())),
        Path.of(addresses.get("kubeconfig").asText()));
  }

  /** Opens a lane for one run of a test. */
  public FaultLane lane(FaultRule... rules) {
    FaultLane lane = new FaultLane(control, control.post("/lanes", FaultLane.Address.class));
    lane.rules(rules);
    return lane;
  }

  /** The administrator by token, which gets through the proxy, unlike a client certificate. */
  public Config admin() {
    try {
      return Config.fromKubeconfig(Files.readString(kubeconfig));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
