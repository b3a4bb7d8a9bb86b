package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DesiredTest {
  private static final Service WISH = Desired.withHash(wish());

  @Test
  void aWishIsMetByItself() {
    assertThat(Desired.isMetBy(WISH, Desired.withHash(wish()))).isTrue();
  }

  static Stream<Arguments> additions() {
    return Stream.of(
        change("status", s -> s.withNewStatus().endStatus()),
        change("a label", s -> s.editMetadata().addToLabels("x", "y").endMetadata()),
        change("an annotation", s -> s.editMetadata().addToAnnotations("x", "y").endMetadata()),
        change("a UID", s -> s.editMetadata().withUid("u").endMetadata()),
        change("a version", s -> s.editMetadata().withResourceVersion("7").endMetadata()),
        change("a finalizer", s -> s.editMetadata().addToFinalizers("f").endMetadata()),
        change("a cluster IP", s -> s.editSpec().withClusterIP("10.0.0.1").endSpec()),
        change(
            "a node port", s -> s.editSpec().editFirstPort().withNodePort(3).endPort().endSpec()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("additions")
  void whatOthersAddDoesNotCount(String what, UnaryOperator<ServiceBuilder> change) {
    assertThat(Desired.isMetBy(WISH, changed(change))).isTrue();
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        change("no label", s -> s.editMetadata().removeFromLabels("app").endMetadata()),
        change("another label", s -> s.editMetadata().addToLabels("app", "x").endMetadata()),
        change("no labels", s -> s.editMetadata().withLabels(null).endMetadata()),
        change("no annotations", s -> s.editMetadata().withAnnotations(null).endMetadata()),
        change("a selector's key more", s -> s.editSpec().addToSelector("x", "y").endSpec()),
        change("another type", s -> s.editSpec().withType("NodePort").endSpec()),
        change("no spec", s -> s.withSpec(null)),
        change("no port", s -> s.editSpec().withPorts().endSpec()),
        change(
            "a port less",
            s -> s.editSpec().removeFromPorts(WISH.getSpec().getPorts().getFirst()).endSpec()),
        change("another port", s -> s.editSpec().editFirstPort().withPort(3).endPort().endSpec()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void whatIsMissingOrDifferentCounts(String what, UnaryOperator<ServiceBuilder> change) {
    assertThat(Desired.isMetBy(WISH, changed(change))).isFalse();
  }

  /** No apply of ours would take away what somebody else has put beside it. */
  @Test
  void whatOthersAddToAListDoesNotCount() {
    var ports = WISH.getSpec().getPorts();
    Service added =
        changed(s -> s.editSpec().addNewPort().withName("z").withPort(3).endPort().endSpec());
    Service reversed = changed(s -> s.editSpec().withPorts(ports.reversed()).endSpec());

    assertThat(Desired.isMetBy(WISH, added)).isTrue();
    assertThat(Desired.isMetBy(WISH, reversed)).isTrue();
  }

  static Stream<Arguments> rightsTooMany() {
    return Stream.of(
        Arguments.of(
            "a rule",
            (UnaryOperator<RoleBuilder>)
                role -> role.addNewRule().withApiGroups("").withResources("secrets").endRule()),
        Arguments.of(
            "a verb",
            (UnaryOperator<RoleBuilder>)
                role -> role.editFirstRule().addToVerbs("delete").endRule()),
        Arguments.of(
            "a resource",
            (UnaryOperator<RoleBuilder>)
                role -> role.editFirstRule().addToResources("secrets").endRule()),
        Arguments.of(
            "a URL",
            (UnaryOperator<RoleBuilder>)
                role -> role.editFirstRule().withNonResourceURLs("/metrics").endRule()));
  }

  @ParameterizedTest(name = "{0} too many")
  @MethodSource("rightsTooMany")
  void whatAnApplyWouldTakeAwayCounts(String what, UnaryOperator<RoleBuilder> change) {
    Role role =
        Desired.withHash(
            new RoleBuilder()
                .withNewMetadata()
                .withName("demo")
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("pods")
                .withVerbs("get", "list")
                .endRule()
                .build());

    assertThat(Desired.isMetBy(role, new RoleBuilder(role).build())).isTrue();
    assertThat(Desired.isMetBy(role, change.apply(new RoleBuilder(role)).build())).isFalse();
  }

  @Test
  void aFieldThatTheWishNoLongerHasShowsInItsHash() {
    Service smaller =
        Desired.withHash(
            wish().edit().editMetadata().removeFromLabels("app").endMetadata().build());
    Service unmarked = wish().edit().editMetadata().removeFromLabels("app").endMetadata().build();

    assertThat(Desired.isMetBy(unmarked, WISH)).as("without a hash it would not").isTrue();
    assertThat(Desired.isMetBy(smaller, WISH)).isFalse();
  }

  /** An endless apply would be the price: the API server drops what is empty. */
  @Test
  void whatIsEmptyNeedNotBeThere() {
    Service wish =
        Desired.withHash(
            wish()
                .edit()
                .editSpec()
                .withPublishNotReadyAddresses(false)
                .withIpFamilyPolicy("")
                .endSpec()
                .build());
    Service stored =
        wish.edit()
            .editSpec()
            .withPublishNotReadyAddresses(null)
            .withIpFamilyPolicy(null)
            .endSpec()
            .build();

    assertThat(Desired.isMetBy(wish, stored)).isTrue();
    assertThat(
            Desired.isMetBy(
                wish, wish.edit().editSpec().withPublishNotReadyAddresses(true).endSpec().build()))
        .isFalse();
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "None, None, true",
    "None, , false",
    "None, 10.0.0.1, false",
    "10.0.0.1, None, false",
    "10.0.0.1, , true",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.2, false",
    ", None, true",
  })
  void aServiceKeepsTheAddressThatItHas(String before, String after, boolean reachable) {
    assertThat(Desired.isReachableFrom(addressed(before), addressed(after))).isEqualTo(reachable);
  }

  @Test
  void onlyWhatHasAHashWasApplied() {
    assertThat(Desired.wasApplied(WISH)).isTrue();
    assertThat(Desired.wasApplied(wish())).isFalse();
  }

  @Test
  void theHashDependsOnWhatIsWishedAndNotOnTheOrderOfKeys() {
    Map<String, String> forwards = new LinkedHashMap<>(Map.of("a", "1"));
    forwards.put("b", "2");
    Map<String, String> backwards = new LinkedHashMap<>(Map.of("b", "2"));
    backwards.put("a", "1");

    assertThat(hash(labelled(forwards))).isEqualTo(hash(labelled(backwards)));
    assertThat(hash(labelled(forwards))).isNotEqualTo(hash(labelled(Map.of("a", "1"))));
    assertThat(hash(labelled(forwards))).matches("[0-9a-f]{16}");
  }

  @Test
  void ownAnnotationsStayBesideTheHash() {
    Service annotated =
        Desired.withHash(
            wish().edit().editMetadata().withAnnotations(Map.of("x", "y")).endMetadata().build());

    assertThat(annotated.getMetadata().getAnnotations())
        .containsEntry("x", "y")
        .containsKey(RayLabels.DESIRED_HASH);
  }

  private static Service addressed(String address) {
    return wish().edit().editSpec().withClusterIP(address).endSpec().build();
  }

  private static Arguments change(String what, UnaryOperator<ServiceBuilder> change) {
    return Arguments.of(what, change);
  }

  private static Service changed(UnaryOperator<ServiceBuilder> change) {
    return change.apply(new ServiceBuilder(WISH)).build();
  }

  private static Service labelled(Map<String, String> labels) {
    return Desired.withHash(wish().edit().editMetadata().withLabels(labels).endMetadata().build());
  }

  private static String hash(Service service) {
    return service.getMetadata().getAnnotations().get(RayLabels.DESIRED_HASH);
  }

  private static Service wish() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName("demo")
        .withNamespace("playground")
        .withLabels(Map.of("app", "ray"))
        .endMetadata()
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Map.of("app", "ray", "node", "head"))
        .withPorts(
            List.of(
                new ServicePortBuilder().withName("a").withPort(1).build(),
                new ServicePortBuilder().withName("b").withPort(2).build()))
        .endSpec()
        .build();
  }
}
