package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Objects that came in under a CRD that accepts more than the operator's types can hold. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class UnreadableObjectTest {
  private static final String OVERFLOW =
      Manifests.head("bad")
          .replace(
              "name: ray-head\n",
              "name: ray-head\n          ports: [{containerPort: 3000000000}]\n");

  @Test
  void harmNobodyElseAndAreTold(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      CustomResourceDefinition strict = crd(playground);
      edit(playground, UnreadableObjectTest::loosened);
      try {
        Playground.await()
            .until(() -> playground.kubectl(OVERFLOW, "apply", "-f", "-").exitCode() == 0);
      } finally {
        edit(playground, crd -> strict);
      }
      playground.startOperator();
      playground.apply(Manifests.cluster("good", 1));

      Playground.await().until(() -> playground.pods().size() == 2);
      Playground.await()
          .untilAsserted(() ->
              assertThat(playground.kubectl("", "get", "raycluster", "bad", "-o", "yaml").output())
                  .contains(
                      "spec.headGroupSpec.template.spec.containers[0].ports[0].containerPort"));
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("good", ConditionTypes.READY);

      assertThat(playground.kubectl("", "delete", "raycluster", "bad").exitCode()).isZero();
    }
  }

  private static CustomResourceDefinition loosened(CustomResourceDefinition crd) {
    JSONSchemaProps anything =
        new JSONSchemaPropsBuilder()
            .withType("object")
            .withXKubernetesPreserveUnknownFields(true)
            .build();
    crd.getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .get("headGroupSpec")
        .getProperties()
        .put("template", anything);
    return crd;
  }

  private static CustomResourceDefinition crd(Playground playground) {
    return playground
        .admin()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("rayclusters.ray.io")
        .get();
  }

  private static void edit(Playground playground, UnaryOperator<CustomResourceDefinition> change) {
    CustomResourceDefinition changed = change.apply(crd(playground));
    changed.getMetadata().setManagedFields(null);
    changed.getMetadata().setResourceVersion(null);
    playground.admin().resource(changed).update();
  }
}
