package dev.spray.operator.resources;

import dev.spray.api.raycluster.RayCluster;

/** What a pod and the operator must agree about when the pod asks for its certificate. */
public final class Signing {
  /** TCP port on which the operator signs; pods of encrypted clusters must reach it. */
  public static final int PORT = 8443;

  /** Path of the endpoint: a certificate request in PEM is posted there. */
  public static final String PATH = "/v1/certificate";

  /** For whom a pod's token must be meant: it opens nothing else, nor does any other token here. */
  public static final String AUDIENCE = "sp-ray.dev/certificates";

  /** Header: the addresses that the pod's kubelet gave it, separated by commas. */
  public static final String POD_IPS = "Pod-IPs";

  private static final String DOMAIN = ".certificates.sp-ray.dev";

  /**
   * By this name the operator is asked for a cluster's certificates, and proves with one of that
   * cluster's authority that it may give them. It stands in no DNS and in no pod's certificate.
   */
  public static String serverName(RayCluster cluster) {
    return serverName(cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
  }

  /** As {@link #serverName(RayCluster)}. */
  public static String serverName(String namespace, String cluster) {
    return cluster + "." + namespace + DOMAIN;
  }

  /**
   * The cluster that a server name is about, as {@code {cluster, namespace}}; empty if it is no
   * such name.
   */
  public static String[] clusterOf(String serverName) {
    String[] parts =
        serverName.endsWith(DOMAIN)
            ? serverName.substring(0, serverName.length() - DOMAIN.length()).split("\\.", -1)
            : new String[0];
    return parts.length == 2 ? parts : new String[0];
  }

  private Signing() {}
}
