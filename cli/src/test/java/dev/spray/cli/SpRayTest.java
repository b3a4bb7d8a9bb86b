package dev.spray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SpRayTest {

  @Test
  void anUnknownCommandIsRefusedWithTheUsage() {
    StringWriter errors = new StringWriter();
    int code = SpRay.commandLine().setErr(new PrintWriter(errors, true)).execute("create-magic");
    assertThat(code).isEqualTo(2);
    assertThat(errors.toString()).contains("create-magic").contains("Usage: sp-ray");
  }
}
