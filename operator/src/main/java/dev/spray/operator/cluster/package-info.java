/** The RayCluster kind: {@code RayClusterReconciler} is the thin shell, everything else is pure. */
package dev.spray.operator.cluster;
