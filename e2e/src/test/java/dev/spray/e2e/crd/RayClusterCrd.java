package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the CRD out of the Java types and the schemas that an API server publishes. */
final class RayClusterCrd {

  /** The CRD as a tree. */
  static ObjectNode generate(KubernetesClient client) throws IOException {
    KubernetesSerialization json = client.getKubernetesSerialization();
    Path dir = Files.createTempDirectory("sp-ray-crd-");
    new CRDGenerator()
        .customResourceClasses(RayCluster.class)
        .forCRDVersions("v1")
        .inOutputDir(dir.toFile())
        .generate();
    ObjectNode crd =
        json.unmarshal(
            Files.readString(dir.resolve("rayclusters.ray.io-v1.yml")), ObjectNode.class);
    JsonNode openApi = json.unmarshal(client.raw("/openapi/v3/api/v1"), JsonNode.class);
    ObjectNode template = new PodTemplateSchema(openApi).podTemplateSpec();

    ((ObjectNode) crd.at("/spec/names")).putArray("categories").add("all");
    ObjectNode schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    ObjectNode spec = (ObjectNode) schema.at("/properties/spec/properties");
    ((ObjectNode) spec.at("/headGroupSpec/properties")).set("template", template);
    ObjectNode groups = (ObjectNode) spec.get("workerGroupSpecs");
    ((ObjectNode) groups.at("/items/properties")).set("template", template);
    listMap(groups, "groupName");
    listMap((ObjectNode) schema.at("/properties/status/properties/conditions"), "type");
    schema.putArray("required").add("spec");
    return crd;
  }

  private static void listMap(ObjectNode list, String key) {
    list.put("x-kubernetes-list-type", "map");
    list.putArray("x-kubernetes-list-map-keys").add(key);
  }

  private RayClusterCrd() {}
}
