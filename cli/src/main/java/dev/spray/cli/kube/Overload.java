package dev.spray.cli.kube;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks once more, after the time that it names, an API server that has no time: it has not looked
 * at the request, so that this is safe for any.
 */
final class Overload implements Interceptor {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final long LONGEST_SECONDS = 10;

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
    if (response.code() != TOO_MANY_REQUESTS) {
      return CompletableFuture.completedFuture(false);
    }
    return new CompletableFuture<Boolean>()
        .completeOnTimeout(true, seconds(response.header("Retry-After")), TimeUnit.SECONDS);
  }

  private static long seconds(String told) {
    return told != null && told.matches("[0-9]{1,5}")
        ? Math.min(Long.parseLong(told), LONGEST_SECONDS)
        : 1;
  }
}
