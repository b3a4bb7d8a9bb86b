/** Other people's custom resources by which their schedulers learn of groups of pods. */
package dev.spray.api.scheduling;
