/**
 * Certificates for the pods of encrypted clusters: a pod asks, and any instance of the operator
 * signs, whoever leads.
 */
package dev.spray.operator.signing;
