/** Ray pods as KubeRay makes them, out of the user's templates; pure. */
package dev.spray.operator.pods;
