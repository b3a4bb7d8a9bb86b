package dev.spray.e2e.faults;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The proxy's control API as requests and answers. */
final class FaultControl {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.USE_DEFAULTS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final URI base;

  FaultControl(URI base) {
    this.base = base;
  }

  <T> T get(String path, Class<T> type) {
    return parse(send("GET", path, null), type);
  }

  <T> T post(String path, Class<T> type) {
    return parse(send("POST", path, null), type);
  }

  void post(String path, Object body) {
    var _ = send("POST", path, body);
  }

  void put(String path, Object body) {
    var _ = send("PUT", path, body);
  }

  <T> T delete(String path, Class<T> type) {
    return parse(send("DELETE", path, null), type);
  }

  static <T> T parse(String content, Class<T> type) {
    try {
      return JSON.readValue(content, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(content, e);
    }
  }

  private String send(String method, String path, Object body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve(path))
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build();
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 400) {
        throw new AssertionError(method + " " + path + ": " + response.body().strip());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
