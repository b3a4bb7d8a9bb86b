/** Ray behind a port-forward: its dashboard's REST API. */
package dev.spray.cli.ray;
