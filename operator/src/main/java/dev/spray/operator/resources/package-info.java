/** Everything beside pods that belongs to a cluster, as the operator wants it; pure. */
package dev.spray.operator.resources;
