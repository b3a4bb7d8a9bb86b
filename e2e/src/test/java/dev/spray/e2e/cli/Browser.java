package dev.spray.e2e.cli;

import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** Chromium without a screen, which forgets everything at its end. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /** With {@code -Dscreenshots.write=true} the pictures of the documentation are made anew. */
  private static final Path PICTURES =
      Testbed.ROOT.resolve(
          Boolean.getBoolean("screenshots.write") ? "docs/images" : "target/screenshots");

  /** Skips what needs one, with a sentence, where there is none. */
  static final class Installed implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER)
          ? ConditionEvaluationResult.enabled("there is a browser")
          : ConditionEvaluationResult.disabled(
              "there is no browser: apt-get install chromium chromium-driver");
    }
  }

  private final ChromeDriver driver;

  Browser() throws IOException {
    Path profile = Files.createTempDirectory("sp-ray-browser-");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-proxy-server",
        "--window-size=1360,860",
        "--user-data-dir=" + profile);
    File program = DRIVER.toFile();
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(program).build(), options);
  }

  void open(String url) {
    driver.get(url);
  }

  /** Whether the page has an element now. */
  boolean has(String selector) {
    return !driver.findElements(By.cssSelector(selector)).isEmpty();
  }

  /**
   * Waits until the page has an element.
   *
   * @throws AssertionError with what it has instead, of which there is a picture, too
   */
  void await(String selector) throws IOException {
    try {
      Playground.await().until(() -> has(selector));
    } catch (ConditionTimeoutException e) {
      screenshot("without-what-was-awaited");
      throw new AssertionError(
          "%s has no %s, but: %s; its log: %s"
              .formatted(
                  driver.getCurrentUrl(),
                  selector,
                  text("body"),
                  driver.manage().logs().get(LogType.BROWSER).getAll()),
          e);
    }
  }

  /** What people read of an element; nothing while it isn't there. */
  String text(String selector) {
    try {
      return driver.findElement(By.cssSelector(selector)).getText();
    } catch (WebDriverException e) {
      // Pages of this kind replace their elements while they are looked at.
      return "";
    }
  }

  void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  void type(String selector, String text) {
    driver.findElement(By.cssSelector(selector)).sendKeys(text);
  }

  /** Presses a key while another is held. */
  void press(CharSequence held, CharSequence key) {
    new Actions(driver).keyDown(held).sendKeys(key).keyUp(held).perform();
  }

  void screenshot(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
