package dev.spray.api;

import java.util.Map;

/** Ports on which Ray's head listens when nobody says anything else. */
public final class HeadPorts {
  public static final int GCS = 6379;
  public static final int DASHBOARD = 8265;
  public static final int CLIENT = 10001;
  public static final int METRICS = 8080;
  public static final int SERVE = 8000;

  /** As KubeRay names them. */
  public static final Map<String, Integer> BY_NAME =
      Map.of(
          "gcs-server",
          GCS,
          "dashboard",
          DASHBOARD,
          "client",
          CLIENT,
          "metrics",
          METRICS,
          "serve",
          SERVE);

  private HeadPorts() {}
}
