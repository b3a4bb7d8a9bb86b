package dev.spray.e2e.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server takes, and what it says of what it doesn't. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ManifestsTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static List<Path> valid() throws IOException {
    return Mistake.files("valid", ".yaml");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aGoodManifestIsTaken(Path file) throws IOException {
    assertThat(playground.apply(Files.readString(file))).contains("created");
  }

  static Stream<Mistake> refused() throws IOException {
    return Mistake.all().stream().filter(mistake -> mistake.refused() != null);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aMistakeIsRefusedWithASentenceUntilItIsCorrected(Mistake mistake) {
    assertThatThrownBy(() -> create(mistake.bad()))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(mistake.refused());

    create(mistake.good());
  }

  static Stream<Mistake> stored() throws IOException {
    return Mistake.all().stream().filter(mistake -> mistake.refused() == null);
  }

  /** When this fails the schema has learnt something: tell in the corpus what it says. */
  @ParameterizedTest
  @MethodSource("stored")
  void aMistakeThatOnlyTheOperatorSeesIsStored(Mistake mistake) {
    create(mistake.bad());
  }

  /** As kubectl does, but for keeping it. */
  private void create(ObjectNode manifest) {
    var _ =
        playground
            .admin()
            .resource(Mistake.resource(manifest))
            .inNamespace(playground.namespace())
            .dryRun()
            .fieldValidation(Validation.STRICT)
            .create();
  }
}
