package dev.spray.api.platform;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kinds of accelerators by the names that people give them. */
final class Accelerators {

  /** All types that a platform asks for, the groups' first. */
  static Stream<String> of(PlatformSpec platform) {
    return Stream.concat(
            platform.groups().stream().map(PlatformGroup::accelerator),
            Stream.ofNullable(platform.head()).map(PlatformHead::accelerator))
        .filter(Objects::nonNull)
        .map(Accelerator::type)
        .filter(Objects::nonNull);
  }

  /** The one of a name: its short one, a further one, or the value of its nodes' label. */
  static Optional<AcceleratorType> find(String name, PlatformConfiguration configuration) {
    return configuration.accelerators().entrySet().stream()
        .filter(entry -> isCalled(entry, name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean isCalled(Map.Entry<String, AcceleratorType> entry, String name) {
    AcceleratorType type = entry.getValue();
    return entry.getKey().equals(name) || type.label().equals(name) || type.names().contains(name);
  }

  /** All of them, for people. */
  static String possible(PlatformConfiguration configuration) {
    return configuration.accelerators().isEmpty()
        ? "none"
        : configuration.accelerators().entrySet().stream()
            .map(entry ->
                entry.getKey().equals(entry.getValue().label())
                    ? entry.getKey()
                    : entry.getKey() + " (" + entry.getValue().label() + ")")
            .collect(Collectors.joining(", "));
  }

  private Accelerators() {}
}
