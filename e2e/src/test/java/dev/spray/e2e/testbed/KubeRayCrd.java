package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/** While it is open the CRD knows no {@code spec.platform}, as KubeRay's doesn't. */
public final class KubeRayCrd extends ChangedCrd {

  /** Takes the field away; returns when the API server has noticed. */
  public KubeRayCrd(Playground playground) {
    super(playground, KubeRayCrd::cut, Map.of("platform", Map.of()));
  }

  private static void cut(JSONSchemaProps schema) {
    JSONSchemaProps spec = schema.getProperties().get("spec");
    // They speak of the field.
    schema.setXKubernetesValidations(List.of());
    spec.setXKubernetesValidations(List.of());
    spec.getProperties().remove("platform");
  }
}
