package dev.spray.operator.ray;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP to the dashboards of heads.
 *
 * <p>A head runs what its users want: nothing that it says, or leaves unsaid, may fill the memory.
 * So it is asked for a bounded time, and what an answer may be made of is bounded too: in three
 * bytes of JSON there is an object of many.
 */
final class Dashboard implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Some 400 bytes and 60 tokens for each row of the longest {@link StateList}. */
  private static final long MOST_BYTES = 4L << 20;

  private static final long MOST_TOKENS = 1_000_000;

  private static final HttpResponse.BodyHandler<byte[]> LIMITED =
      HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES);

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .build();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** What a head has said. */
  record Answer(HttpResponse<byte[]> response) {
    private static final int OK = 200;

    /** Whether it is what was asked for. */
    boolean isOk() {
      return response.statusCode() == OK;
    }

    /**
     * Reads it.
     *
     * @throws IOException when it is nothing of the kind
     */
    <T> T as(Class<T> type) throws IOException {
      return JSON.readerFor(type).readValue(response.body());
    }

    /** The same, as an object whose fields are all of one type. */
    <T> Map<String, T> asMapOf(Class<T> type) throws IOException {
      return JSON.readerForMapOf(type).readValue(response.body());
    }
  }

  /**
   * Asks a head for all of these at once.
   *
   * @param token to show; empty: none
   * @throws IOException when it doesn't answer all of them, or not soon
   * @throws RuntimeException when there can't be such a head
   */
  List<Answer> get(Head head, Optional<String> token, List<String> paths)
      throws IOException, InterruptedException {
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    try {
      for (String path : paths) {
        answers.add(http.sendAsync(request(head, token, path), LIMITED));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return answers.stream().map(CompletableFuture::join).map(Answer::new).toList();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e);
    } finally {
      // Else a head that never ends its answer would keep its connection, and what it has sent.
      answers.forEach(answer -> answer.cancel(true));
    }
  }

  private static HttpRequest request(Head head, Optional<String> token, String path) {
    String address = head.address();
    String host = address.contains(":") ? "[" + address + "]" : address;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://%s:%d%s".formatted(host, head.port(), path)));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request.timeout(PATIENCE).GET().build();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
