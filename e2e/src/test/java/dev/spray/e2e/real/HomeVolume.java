package dev.spray.e2e.real;

import dev.spray.e2e.testbed.Playground;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A volume for one claim, where there is nothing that makes volumes: a directory of this machine.
 */
final class HomeVolume implements AutoCloseable {
  private final Playground playground;
  private final String name;

  HomeVolume(Playground playground, Path directory, String claim) throws IOException {
    this.playground = playground;
    this.name = playground.namespace() + "-home";
    Path home = Files.createDirectory(directory.resolve("home"));
    // Pods don't run as who runs the tests.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    playground
        .admin()
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addToCapacity("storage", new Quantity("1Gi"))
                .withAccessModes("ReadWriteOnce")
                .withNewClaimRef()
                .withNamespace(playground.namespace())
                .withName(claim)
                .endClaimRef()
                .withNewHostPath(home.toString(), "Directory")
                .endSpec()
                .build())
        .create();
  }

  @Override
  public void close() {
    playground.admin().persistentVolumes().withName(name).delete();
  }
}
