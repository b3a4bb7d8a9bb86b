package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Writes kubeconfig files for processes that are to use a token. */
public final class Kubeconfigs {

  /** The text of one. */
  public static String write(Config config) {
    return Serialization.asYaml(
        new ConfigBuilder()
            .withCurrentContext("testbed")
            .addNewCluster()
            .withName("testbed")
            .withNewCluster()
            .withServer(config.getMasterUrl())
            .withCertificateAuthorityData(config.getCaCertData())
            .withCertificateAuthority(config.getCaCertFile())
            .endCluster()
            .endCluster()
            .addNewUser()
            .withName("operator")
            .withNewUser()
            .withToken(config.getOauthToken())
            .endUser()
            .endUser()
            .addNewContext()
            .withName("testbed")
            .withNewContext()
            .withCluster("testbed")
            .withUser("operator")
            .withNamespace(config.getNamespace())
            .endContext()
            .endContext()
            .build());
  }

  private Kubeconfigs() {}
}
