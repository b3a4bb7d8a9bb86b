package dev.spray.e2e.faults;

/**
 * Chooses requests or events; null and 0 choose all.
 *
 * @param verb Kubernetes' verb, or {@code write}: a create, update, patch or delete of anything but
 *     leases and Events, which have to be named
 * @param resource plural, with its subresource after a slash
 * @param name may have wildcards: {@code c-worker-*}
 * @param type of events: ADDED, MODIFIED, DELETED, BOOKMARK
 * @param nth counted from 1: the rule fires from then on
 * @param count how often it may fire; 0 is once with {@code nth}, else always
 */
public record FaultMatch(
    String verb, String resource, String namespace, String name, String type, int nth, int count) {

  /** The nth write of anything. */
  public static FaultMatch write(int nth) {
    return new FaultMatch("write", null, null, null, null, nth, 0);
  }

  /** All requests of a verb on a resource. */
  public static FaultMatch requests(String verb, String resource) {
    return new FaultMatch(verb, resource, null, null, null, 0, 0);
  }

  /** All events about a resource. */
  public static FaultMatch events(String resource) {
    return new FaultMatch(null, resource, null, null, null, 0, 0);
  }

  /** Only those about an object of that name. */
  public FaultMatch named(String pattern) {
    return new FaultMatch(verb, resource, namespace, pattern, type, nth, count);
  }

  /** Only those in a namespace. */
  public FaultMatch in(String namespaceName) {
    return new FaultMatch(verb, resource, namespaceName, name, type, nth, count);
  }

  /** Only events of a type. */
  public FaultMatch type(String eventType) {
    return new FaultMatch(verb, resource, namespace, name, eventType, nth, count);
  }

  /** The nth of them alone, unless {@link #times} follows. */
  public FaultMatch nth(int number) {
    return new FaultMatch(verb, resource, namespace, name, type, number, count);
  }

  /** At most that many of them. */
  public FaultMatch times(int number) {
    return new FaultMatch(verb, resource, namespace, name, type, nth, number);
  }
}
