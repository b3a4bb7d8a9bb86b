package dev.spray.e2e.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.LooseCrd;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every mistake in objects that were stored before the schema knew better: whoever changes
 * something else in them isn't stopped, their status says what to correct, and correcting it helps.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class OlderThanTheSchemaTest {
  /** Stands in the condition as long as a part of the contract isn't carried out. */
  private static final String NOT_YET = "isn't carried out by this version of the operator";

  @Test
  void patchesGoThroughAndTheOperatorTellsAndMends(Testbed testbed) throws IOException {
    List<Mistake> mistakes =
        Mistake.all().stream().filter(mistake -> mistake.stalled() != null).toList();
    try (Playground playground = new Playground(testbed)) {
      try (LooseCrd _ = new LooseCrd(playground)) {
        mistakes.forEach(mistake -> at(playground, mistake.bad()).create());
      }
      for (Mistake mistake : mistakes) {
        autoscale(playground, mistake);
        suspend(playground, mistake);
      }
      playground.startOperator();
      for (Mistake mistake : mistakes) {
        Playground.await()
            .untilAsserted(() ->
                assertThat(stalled(playground, mistake))
                    .as(mistake.what())
                    .returns("True", Condition::getStatus)
                    .extracting(Condition::getMessage)
                    .asString()
                    .contains(mistake.stalled()));
      }
      assertThat(playground.pods()).isEmpty();

      mistakes.forEach(mistake -> correct(playground, mistake));
      for (Mistake mistake : mistakes) {
        Playground.await().untilAsserted(() -> assertMended(playground, mistake));
      }
    }
  }

  /** As Ray's autoscaler does. */
  private static void autoscale(Playground playground, Mistake mistake) {
    if (!mistake.bad().at("/spec/workerGroupSpecs/0").isMissingNode()) {
      var _ =
          at(playground, mistake.bad())
              .patch(
                  PatchContext.of(PatchType.JSON),
                  "[{\"op\": \"add\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": 2}]");
    }
  }

  /** As Kueue does. */
  private static void suspend(Playground playground, Mistake mistake) {
    var _ =
        at(playground, mistake.bad())
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": false}}");
  }

  private static void correct(Playground playground, Mistake mistake) {
    if (Mistake.name(mistake.good()).equals(Mistake.name(mistake.bad()))) {
      var _ = at(playground, mistake.good()).update();
    } else {
      at(playground, mistake.bad()).delete();
      var _ = at(playground, mistake.good()).create();
    }
  }

  private static void assertMended(Playground playground, Mistake mistake) {
    Condition stalled = stalled(playground, mistake);
    assertThat(stalled).isNotNull();
    assertThat(stalled.getMessage()).as(mistake.what()).doesNotContain(mistake.stalled());
    if (!stalled.getMessage().contains(NOT_YET)) {
      assertThat(stalled.getStatus()).as(mistake.what()).isEqualTo("False");
      assertThat(playground.heads(Mistake.name(mistake.good()))).hasSize(1);
    }
  }

  private static Condition stalled(Playground playground, Mistake mistake) {
    String name = Mistake.name(mistake.good());
    if (playground.cluster(name) == null) {
      name = Mistake.name(mistake.bad());
    }
    return playground.condition(name, ConditionTypes.STALLED).orElse(null);
  }

  private static Resource<GenericKubernetesResource> at(
      Playground playground, ObjectNode manifest) {
    return playground
        .admin()
        .resource(Mistake.resource(manifest))
        .inNamespace(playground.namespace());
  }
}
