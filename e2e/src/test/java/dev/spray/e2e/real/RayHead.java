package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import java.time.Duration;
import java.util.Set;
import org.awaitility.core.ConditionFactory;

/** The head of a running cluster, and what a user does on it. */
record RayHead(Playground playground, String cluster) {

  /**
   * Prints what Ray's state API says of the living actors, unless one of three rounds in a row
   * takes it a second: whoever asks next, as the operator does, is answered in time.
   */
  private static final String STATE =
      """
      import os, urllib.request
      from concurrent.futures import ThreadPoolExecutor
      token = os.environ.get("RAY_AUTH_TOKEN")
      headers = {"Authorization": f"Bearer {token}"} if token else {}

      def ask(kind, state):
          url = (f"http://127.0.0.1:8265/api/v0/{kind}?limit=100"
                 f"&filter_keys=state&filter_predicates=%3D&filter_values={state}")
          request = urllib.request.Request(url, headers=headers)
          return urllib.request.urlopen(request, timeout=1).read().decode()

      with ThreadPoolExecutor() as threads:
          for _ in range(3):
              *_, actors = threads.map(
                  ask, ("nodes", "tasks", "actors"), ("ALIVE", "RUNNING", "ALIVE"), timeout=1
              )
      print(actors)
      """;

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
            for node in json.load(urllib.request.urlopen(url, timeout=10))["data"]["summary"]:
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
            tasks = json.load(urllib.request.urlopen(url, timeout=10))["data"]["result"]["result"]
            print(len(tasks))
            """,
            "python -");
    return result.exitCode() == 0 ? Integer.parseInt(result.output().strip()) : 0;
  }

  /**
   * Starts a detached actor on a worker, one that needs no CPU, as most don't: only that it lives
   * there tells that the worker is at work. Ray's state API, which is slow the first time, knows of
   * it afterwards.
   *
   * @param worker name of its pod
   */
  void startActorOn(String worker) {
    String started =
        python(
            """
            import ray
            from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
            ray.init(logging_level="ERROR", namespace="test")

            @ray.remote(num_cpus=0)
            class Busy:
                def ready(self):
                    return "the actor lives"

            node = next(n for n in ray.nodes() if n["NodeManagerHostname"] == "%s")
            actor = Busy.options(
                name="busy",
                lifetime="detached",
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
            ).remote()
            print(ray.get(actor.ready.remote()))
            """
                .formatted(worker));
    assertThat(started).contains("the actor lives");
    await().until(() -> run(STATE, "python -").output().contains("\"Busy\""));
  }

  /** As {@link Playground#await()}, but what is waited for gets the processor between two looks. */
  static ConditionFactory await() {
    return Playground.await().pollInterval(Duration.ofSeconds(1));
  }

  private Kubectl.Result run(String input, String command) {
    return playground.kubectl(input, "exec", "-qi", cluster + "-head", "--", "bash", "-c", command);
  }
}
