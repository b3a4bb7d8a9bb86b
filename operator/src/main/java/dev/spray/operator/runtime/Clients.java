package dev.spray.operator.runtime;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spray.operator.apply.Leadership;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;

/**
 * The connections to the API server. Three, because over HTTP/2 each client has one connection: a
 * burst of writes must hold up neither the watches nor the lease.
 *
 * @param watching lists and watches, tried again without end
 * @param writing writes; never tried again by itself: only {@code apply} knows what a repeat means
 * @param leasing the lease alone; gives up soon, so that an election never hangs on a dead server
 */
record Clients(KubernetesClient watching, KubernetesClient writing, KubernetesClient leasing)
    implements AutoCloseable {

  private static final int WRITE_TIMEOUT_MS = 30_000;
  private static final int LEASE_TIMEOUT_MS = 2_000;

  /**
   * @param config where the API server is and who asks
   * @param userAgent also the name of the field manager of created objects
   * @param requests told of every request
   * @param leadership asked in the last moment before a write is sent: a process may be frozen at
   *     any point, also between the check at the gate of writes and here
   */
  static Clients connect(
      Config config, String userAgent, Interceptor requests, Leadership leadership) {
    Config named = new ConfigBuilder(config).withUserAgent(userAgent).build();
    Config writing =
        new ConfigBuilder(named)
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(WRITE_TIMEOUT_MS)
            .build();
    Config leasing =
        new ConfigBuilder(named)
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(LEASE_TIMEOUT_MS)
            .withConnectionTimeout(LEASE_TIMEOUT_MS)
            .build();
    return new Clients(
        client(named, Map.of("metrics", requests)),
        client(writing, Map.of("metrics", requests, "leadership", lastCheck(leadership))),
        client(leasing, Map.of("metrics", requests)));
  }

  private static KubernetesClient client(Config config, Map<String, Interceptor> interceptors) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(withoutManagedFields())
        .withHttpClientBuilderConsumer(http -> interceptors.forEach(http::addOrReplaceInterceptor))
        .build();
  }

  private static Interceptor lastCheck(Leadership leadership) {
    return new Interceptor() {
      @Override
      public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!request.method().equals("GET")) {
          leadership.require();
        }
      }
    };
  }

  /**
   * Reads objects without their {@code managedFields}: a tree of maps per field, of no use here,
   * which would be half of what is parsed and kept.
   */
  private static KubernetesSerialization withoutManagedFields() {
    ObjectMapper mapper = new ObjectMapper();
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, true);
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    return serialization;
  }

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  @Override
  public void close() {
    watching.close();
    writing.close();
    leasing.close();
  }
}
