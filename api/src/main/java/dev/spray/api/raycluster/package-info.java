/** The RayCluster kind, {@code ray.io/v1}: KubeRay's contract as Java types. */
package dev.spray.api.raycluster;
