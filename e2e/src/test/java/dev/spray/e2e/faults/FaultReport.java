package dev.spray.e2e.faults;

import java.util.List;
import java.util.Map;

/**
 * What happened in a lane.
 *
 * @param frozen whether it stands still
 * @param held requests that wait for the release
 * @param requests numbers by verb and resource
 * @param writes the same of those that are writes
 * @param log the writes in their order
 * @param unfired names of rules that had to fire and didn't
 * @param watches those that are open
 */
public record FaultReport(
    boolean frozen,
    int held,
    int connections,
    Map<String, Map<String, Integer>> requests,
    Map<String, Map<String, Integer>> writes,
    List<Write> log,
    List<Rule> rules,
    List<String> unfired,
    List<Watch> watches) {

  /**
   * A write.
   *
   * @param seq its number, from 1
   * @param forwarded whether it was sent to the server
   * @param code the server's answer, 0 if there was none
   * @param answered whether the client was sent an answer
   * @param answer the one that it was sent, 0 if none
   * @param rules names of those that fired for it; null if none
   */
  public record Write(
      int seq,
      String verb,
      String resource,
      String namespace,
      String name,
      boolean forwarded,
      int code,
      boolean answered,
      int answer,
      List<String> rules) {}

  /**
   * What came of a rule.
   *
   * @param seen how many requests or events matched it
   * @param retired whether others have replaced it
   */
  public record Rule(String name, int seen, int fired, boolean retired) {}

  /**
   * An open watch.
   *
   * @param delivered events that the client was sent
   * @param queued events that are held or delayed
   */
  public record Watch(String resource, String namespace, int delivered, int queued) {}

  /** Number of requests of a verb on a resource. */
  public int requests(String verb, String resource) {
    return requests.getOrDefault(verb, Map.of()).getOrDefault(resource, 0);
  }

  /** How often a rule has fired. */
  public int fired(String rule) {
    return rules.stream().filter(r -> r.name().equals(rule)).mapToInt(Rule::fired).sum();
  }
}
