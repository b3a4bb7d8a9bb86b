package dev.spray.api.raycluster;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Ray cluster: one head pod and any number of worker groups. */
@Group("ray.io")
@Version("v1")
@Kind("RayCluster")
@AdditionalPrinterColumn(
    name = "desired workers",
    jsonPath = ".status.desiredWorkerReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "available workers",
    jsonPath = ".status.availableWorkerReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "cpus", jsonPath = ".status.desiredCPU")
@AdditionalPrinterColumn(name = "memory", jsonPath = ".status.desiredMemory")
@AdditionalPrinterColumn(name = "gpus", jsonPath = ".status.desiredGPU")
@AdditionalPrinterColumn(name = "tpus", jsonPath = ".status.desiredTPU", priority = 1)
@AdditionalPrinterColumn(name = "status", jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "head pod IP", jsonPath = ".status.head.podIP", priority = 1)
@AdditionalPrinterColumn(
    name = "head service IP",
    jsonPath = ".status.head.serviceIP",
    priority = 1)
public class RayCluster extends CustomResource<RayClusterSpec, RayClusterStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** Null until somebody sets it: an absent spec must not read as an empty one. */
  @Override
  protected RayClusterSpec initSpec() {
    return null;
  }

  /** Null until the operator has written it. */
  @Override
  protected RayClusterStatus initStatus() {
    return null;
  }

  @Override
  @JsonDeserialize(using = SpecDeserializer.class)
  public void setSpec(RayClusterSpec spec) {
    super.setSpec(spec);
  }

  @Override
  @JsonDeserialize(using = StatusDeserializer.class)
  public void setStatus(RayClusterStatus status) {
    super.setStatus(status);
  }
}
