package dev.spray.operator.plan;

/** What a cluster's Secret is for; which content it has follows from it. */
public enum SecretKind {
  /** The token that the cluster's callers must show. */
  TOKEN,
  /** The token that opens the workspace beside the head. */
  WORKSPACE_TOKEN,
  /** The certificate authority of an encrypted cluster, with its key. */
  AUTHORITY
}
