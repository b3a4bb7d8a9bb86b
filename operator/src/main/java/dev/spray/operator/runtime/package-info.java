/** Starts and wires the operator: options, clients, election, endpoints. */
package dev.spray.operator.runtime;
