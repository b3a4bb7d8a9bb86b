package dev.spray.cli.ray;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of a job's output over wires that break in every way. */
class JobLogsTest {
  private static final byte TEXT = (byte) 0x81;
  private static final byte[] NORMAL_CLOSURE = {(byte) 0x88, 2, 3, (byte) 0xE8};

  private final StringBuilder printed = new StringBuilder();
  private final HttpClient http = HttpClient.newHttpClient();
  private ServerSocket server;

  @BeforeEach
  void setUp() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void tearDown() throws IOException {
    http.shutdownNow();
    server.close();
  }

  @Test
  void nothingIsToldTwiceAndNothingIsMissing() {
    JobLogs logs = new JobLogs(printed::append, Duration.ofMinutes(1));

    assertThat(streamed(logs, wire -> text(wire, "one\ntw"))).isFalse();
    assertThat(
            streamed(
                logs,
                wire -> {
                  text(wire, "one\n");
                  text(wire, "two\nthree\n");
                  wire.write(NORMAL_CLOSURE);
                }))
        .isTrue();
    logs.complete("one\ntwo\nthree\nfour\n");

    assertThat(printed).hasToString("one\ntwo\nthree\nfour\n");
  }

  /** A wire may also end without a word: nobody closes it, and nothing comes any more. */
  @Test
  void aWireThatFellSilentIsGivenUp() {
    JobLogs logs = new JobLogs(printed::append, Duration.ofSeconds(1));

    assertThat(
            streamed(
                logs,
                wire -> {
                  text(wire, "one\n");
                  Thread.currentThread().join();
                }))
        .isFalse();
    assertThat(printed).hasToString("one\n");
  }

  private interface Script {
    void play(OutputStream wire) throws IOException, InterruptedException;
  }

  /** One connection to a server that plays a script and then drops the wire. */
  private boolean streamed(JobLogs logs, Script script) {
    Thread playing = Thread.ofVirtual().start(() -> serve(script));
    try {
      return logs.stream(
          http, URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/logs"), null);
    } finally {
      playing.interrupt();
    }
  }

  private void serve(Script script) {
    try (Socket socket = server.accept()) {
      OutputStream wire = socket.getOutputStream();
      wire.write(accepted(socket).getBytes(UTF_8));
      script.play(wire);
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      // The other side has gone.
    }
  }

  private static String accepted(Socket socket) throws IOException, GeneralSecurityException {
    BufferedReader request =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String key = "";
    for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
      key = line.startsWith("Sec-WebSocket-Key: ") ? line.substring(19) : key;
    }
    byte[] hash =
        MessageDigest.getInstance("SHA-1")
            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + Base64.getEncoder().encodeToString(hash)
        + "\r\n\r\n";
  }

  private static void text(OutputStream wire, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    wire.write(TEXT);
    wire.write(bytes.length);
    wire.write(bytes);
  }
}
