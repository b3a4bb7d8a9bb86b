package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import java.util.Set;

/** The head of a running cluster, and what a user does on it. */
record RayHead(Playground playground, String cluster) {

  /** Runs a Python program that must succeed; returns what it printed. */
  String python(String program) {
    return bash(program, "python -");
  }

  /**
   * Runs a command that must succeed.
   *
   * @param input what it reads
   * @return what it printed
   */
  String bash(String input, String command) {
    Kubectl.Result result = run(input, command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  /** Ids of the living nodes that Ray itself knows; none while it doesn't answer. */
  Set<String> nodes() {
    Kubectl.Result result =
        run(
            """
            import json, urllib.request
            url = "http://127.0.0.1:8265/nodes?view=summary"
            for node in json.load(urllib.request.urlopen(url))["data"]["summary"]:
                if node["raylet"]["state"] == "ALIVE":
                    print(node["raylet"]["nodeId"])
            """,
            "python -");
    return result.exitCode() == 0 ? Set.copyOf(result.output().lines().toList()) : Set.of();
  }

  /** How many tasks run just now, as Ray's state API says; 0 while it doesn't answer. */
  int runningTasks() {
    Kubectl.Result result =
        run(
            """
            import json, urllib.request
            url = ("http://127.0.0.1:8265/api/v0/tasks?limit=100"
                   "&filter_keys=state&filter_predicates=%3D&filter_values=RUNNING")
            print(len(json.load(urllib.request.urlopen(url))["data"]["result"]["result"]))
            """,
            "python -");
    return result.exitCode() == 0 ? Integer.parseInt(result.output().strip()) : 0;
  }

  private Kubectl.Result run(String input, String command) {
    return playground.kubectl(input, "exec", "-qi", cluster + "-head", "--", "bash", "-c", command);
  }
}
