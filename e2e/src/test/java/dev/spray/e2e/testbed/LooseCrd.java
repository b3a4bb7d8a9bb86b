package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.List;
import java.util.Map;

/**
 * While it is open the CRD takes any spec, as an older one or another project's may have done; what
 * was stored then is there still when it is closed.
 */
public final class LooseCrd extends ChangedCrd {

  /** Loosens it; returns when the API server has noticed. */
  public LooseCrd(Playground playground) {
    super(playground, LooseCrd::loosen, Map.of("anything", true));
  }

  private static void loosen(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(List.of());
    schema
        .getProperties()
        .put(
            "spec",
            new JSONSchemaPropsBuilder()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .build());
  }
}
