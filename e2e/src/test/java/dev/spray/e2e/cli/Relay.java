package dev.spray.e2e.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to the API server that can be cut: bytes go through untouched until then. */
final class Relay implements AutoCloseable {
  private final ServerSocket server;
  private final URI target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Relay(String target) throws IOException {
    this.target = URI.create(target);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  /** Where it is, with the target's scheme. */
  String address() {
    return target.getScheme() + "://127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Cuts all connections there are; returns how many bits of wire that were. New ones go through.
   */
  int cut() {
    int cut = open.size();
    open.forEach(Relay::quietly);
    open.clear();
    return cut;
  }

  private void accept() {
    try {
      while (true) {
        connect(server.accept());
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void connect(Socket near) {
    try {
      Socket far = new Socket(target.getHost(), target.getPort());
      open.add(near);
      open.add(far);
      Thread _ = Thread.ofVirtual().start(() -> pump(near, far));
      Thread _ = Thread.ofVirtual().start(() -> pump(far, near));
    } catch (IOException e) {
      // The API server took this one not, but may take the next.
      quietly(near);
    }
  }

  private void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // Cut, or ended by one of the two.
    } finally {
      quietly(from);
      quietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    int _ = cut();
  }
}
