/**
 * The RayCluster kind: what is called {@code …Reconciler} is the thin shell, everything else is
 * pure, but for what a process remembers between passes: {@link Contest}, {@link KnownRevisions},
 * {@link StandingNotices} and {@link Turns}.
 */
package dev.spray.operator.cluster;
