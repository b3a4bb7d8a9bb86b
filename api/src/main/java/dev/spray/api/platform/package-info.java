/**
 * What makes a short manifest enough: {@code spec.platform}, and how it becomes a whole spec; pure.
 */
package dev.spray.api.platform;
