/** What schedulers of whole groups of pods want of a cluster; pure. */
package dev.spray.operator.scheduling;
