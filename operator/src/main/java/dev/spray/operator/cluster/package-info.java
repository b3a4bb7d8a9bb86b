/**
 * The RayCluster kind: what is called {@code …Reconciler} is the thin shell, everything else is
 * pure.
 */
package dev.spray.operator.cluster;
