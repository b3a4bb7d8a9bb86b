package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.operator.apply.Leadership;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.Interceptor;
import org.junit.jupiter.api.Test;

class ClientsTest {
  private static final Config NOBODY_THERE =
      new ConfigBuilder().withMasterUrl("http://127.0.0.1:9").withAutoConfigure(false).build();
  private static final ConfigMap OBJECT =
      new ConfigMapBuilder()
          .withNewMetadata()
          .withName("a")
          .withNamespace("b")
          .endMetadata()
          .build();

  @Test
  void aWriteIsStoppedInTheLastMomentWhenTheLeaseHasLapsed() {
    try (Clients clients = clients(() -> false)) {
      assertThatThrownBy(() -> clients.writing().resource(OBJECT).create())
          .isInstanceOf(Leadership.Lost.class);
    }
  }

  @Test
  void aWriteOfTheLeaderIsSent() {
    try (Clients clients = clients(() -> true)) {
      assertThatThrownBy(() -> clients.writing().resource(OBJECT).create())
          .isInstanceOf(KubernetesClientException.class);
    }
  }

  private static Clients clients(Leadership leadership) {
    return Clients.connect(NOBODY_THERE, "test", new Interceptor() {}, leadership);
  }
}
