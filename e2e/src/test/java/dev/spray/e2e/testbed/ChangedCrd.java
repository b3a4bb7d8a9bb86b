package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.function.Consumer;

/** While it is open the CRD of RayClusters is another one than the chart's. */
abstract class ChangedCrd implements AutoCloseable {
  private static final String NAME = "rayclusters.ray.io";

  private static final int UNPROCESSABLE = 422;

  private final Playground playground;
  private final CustomResourceDefinition chart;

  /** What only one of the two takes, as a spec. */
  private final Map<String, Object> probe;

  /**
   * Changes it; returns when the API server has noticed.
   *
   * @param change of the schema
   * @param probe a spec that only one of the two takes
   */
  ChangedCrd(Playground playground, Consumer<JSONSchemaProps> change, Map<String, Object> probe) {
    this.playground = playground;
    this.chart = crd();
    this.probe = probe;
    boolean before = taken();
    CustomResourceDefinition changed = crd();
    change.accept(changed.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema());
    write(changed);
    Playground.await().until(() -> taken() != before);
  }

  private CustomResourceDefinition crd() {
    return playground.admin().apiextensions().v1().customResourceDefinitions().withName(NAME).get();
  }

  private void write(CustomResourceDefinition crd) {
    crd.getMetadata().setManagedFields(null);
    crd.getMetadata().setResourceVersion(null);
    var _ = playground.admin().resource(crd).update();
  }

  private boolean taken() {
    GenericKubernetesResource probing =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("ray.io/v1")
            .withKind("RayCluster")
            .withNewMetadata()
            .withName("probe")
            .endMetadata()
            .addToAdditionalProperties("spec", probe)
            .build();
    try {
      var _ =
          playground
              .admin()
              .resource(probing)
              .inNamespace(playground.namespace())
              .dryRun()
              .fieldValidation(Validation.STRICT)
              .create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST && e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      return false;
    }
  }

  /** Puts the chart's back; returns when the API server has noticed. */
  @Override
  public final void close() {
    boolean before = taken();
    write(chart);
    Playground.await().until(() -> taken() != before);
  }
}
