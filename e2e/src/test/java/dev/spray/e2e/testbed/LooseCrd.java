package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.util.List;
import java.util.Map;

/**
 * While it is open the CRD takes any spec, as an older one or another project's may have done; what
 * was stored then is there still when it is closed.
 */
public final class LooseCrd implements AutoCloseable {
  private static final String NAME = "rayclusters.ray.io";

  private final Playground playground;
  private final CustomResourceDefinition strict;

  /** Loosens it; returns when the API server has noticed. */
  public LooseCrd(Playground playground) {
    this.playground = playground;
    this.strict = crd();
    CustomResourceDefinition loose = crd();
    JSONSchemaProps schema =
        loose.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    schema.setXKubernetesValidations(List.of());
    schema
        .getProperties()
        .put(
            "spec",
            new JSONSchemaPropsBuilder()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .build());
    write(loose);
    Playground.await().until(this::takesAnything);
  }

  private CustomResourceDefinition crd() {
    return playground.admin().apiextensions().v1().customResourceDefinitions().withName(NAME).get();
  }

  private void write(CustomResourceDefinition crd) {
    crd.getMetadata().setManagedFields(null);
    crd.getMetadata().setResourceVersion(null);
    var _ = playground.admin().resource(crd).update();
  }

  private boolean takesAnything() {
    GenericKubernetesResource anything =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("ray.io/v1")
            .withKind("RayCluster")
            .withNewMetadata()
            .withName("anything")
            .endMetadata()
            .addToAdditionalProperties("spec", Map.of("anything", true))
            .build();
    try {
      var _ =
          playground
              .admin()
              .resource(anything)
              .inNamespace(playground.namespace())
              .dryRun()
              .fieldValidation(Validation.STRICT)
              .create();
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Puts the CRD back; returns when the API server has noticed. */
  @Override
  public void close() {
    write(strict);
    Playground.await().until(() -> !takesAnything());
  }
}
