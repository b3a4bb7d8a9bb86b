package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/**
 * A browser opens the notebook and VS Code of a real cluster by {@code sp-ray notebook} and {@code
 * sp-ray code}, and gets no further without the token.
 */
@Tag("workspace")
@ExtendWith({RealTestbed.class, Browser.Installed.class})
class WorkspacePagesTest {
  private static final Pattern TOLD = Pattern.compile("(?:Its token|a password): (\\S+)");
  private static final Pattern ADDRESS = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+)/");

  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = Playground.withWorkspaces(testbed);
    playground.startOperator();
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theTokenOpensNotebookAndEditor() throws IOException {
    playground.apply(Manifests.workspace());
    playground.awaitTrue("my-cluster", ConditionTypes.READY);

    try (Page notebook = new Page("notebook");
        Browser browser = new Browser()) {
      // It listens some seconds after its container runs.
      Playground.await()
          .untilAsserted(() -> {
            browser.open(notebook.address + "/lab");
            assertThat(browser.has("input[name=password]")).as("it asks for the token").isTrue();
          });
      assertThat(browser.has("#jp-top-panel, .jp-LabShell")).isFalse();

      browser.open(
          notebook.address + "/lab/tree/tutorials/01-hello-cluster.ipynb?token=" + notebook.token);
      browser.await(".jp-Notebook .jp-CodeCell");
      Playground.await().until(() -> browser.text(".jp-Notebook").contains("Hello, cluster"));
      // A kernel is chosen and started by itself.
      Playground.await()
          .until(() -> browser.has(".jp-Notebook-ExecutionIndicator[data-status=idle]"));
      browser.click(".jp-Notebook .jp-MarkdownCell");
      for (int cell = 0; cell < 4; cell++) {
        browser.press(Keys.SHIFT, Keys.ENTER);
      }
      Playground.await().until(() -> browser.text(".jp-Notebook").contains("'GPU': 1.0"));
      Playground.await().until(() -> browser.text(".jp-Notebook").contains("sum of squares: 2470"));
      browser.screenshot("notebook");
    }

    try (Page code = new Page("code");
        Browser browser = new Browser()) {
      Playground.await()
          .untilAsserted(() -> {
            browser.open(code.address + "/");
            assertThat(browser.has("input[type=password]")).as("it asks for the token").isTrue();
          });
      browser.type("input[type=password]", "guessed\n");
      Playground.await().until(() -> browser.text("body").contains("Incorrect password"));
      assertThat(browser.has(".monaco-workbench")).isFalse();

      browser.type("input[type=password]", code.token + "\n");
      browser.await(".monaco-workbench .explorer-folders-view");
      Playground.await().until(() -> browser.text(".monaco-workbench").contains("tutorials"));
      browser.screenshot("vscode");
    }
  }

  /** One that {@code sp-ray} brings here, as long as it runs. */
  private final class Page implements AutoCloseable {
    private final SpRayCli.Running forward;
    private final String address;
    private final String token;

    Page(String command) {
      forward = spRay.start(command, "my-cluster", "--no-browser");
      Playground.await().until(() -> forward.said().contains("Connected to cluster"));
      address = first(ADDRESS, forward.printed());
      token = first(TOLD, forward.said());
    }

    private static String first(Pattern pattern, String text) {
      Matcher found = pattern.matcher(text);
      assertThat(found.find()).as(text).isTrue();
      return found.group(1);
    }

    @Override
    public void close() {
      forward.process().destroy();
    }
  }
}
