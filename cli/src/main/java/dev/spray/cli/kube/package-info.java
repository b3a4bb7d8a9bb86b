/** Ray clusters as the API server has them. */
package dev.spray.cli.kube;
