package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNamesTest {
  private static final String DNS_NAME =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
  private static final int LONGEST_HOST_NAME = 63;
  private static final int LONGEST_CLUSTER_NAME = 53;
  private static final int LONGEST_GROUP_NAME = 63;

  private final Random random = new Random(20260101);

  @Test
  void aHeadIsNamedAfterItsCluster() {
    assertThat(PodNames.head("demo")).isEqualTo("demo-head");
  }

  @Test
  void clustersThatDifferInTheirLastCharacterHaveDifferentHeads() {
    String longName = "c".repeat(LONGEST_CLUSTER_NAME - 1);

    assertThat(PodNames.head(longName + "1")).isNotEqualTo(PodNames.head(longName + "2"));
    assertThat(PodNames.head(longName + "1")).hasSizeLessThanOrEqualTo(LONGEST_HOST_NAME);
  }

  /** An operator that is updated in the middle of a creation must go on with the same names. */
  @Test
  void namesNeverChangeBetweenVersions() {
    assertThat(worker("uid-1", "demo", "small", 0)).isEqualTo("demo-small-worker-dvpf5");
    assertThat(worker("uid-1", "demo", "small", 1)).isEqualTo("demo-small-worker-4znxg");
    assertThat(worker("uid-2", "demo", "small", 0)).isEqualTo("demo-small-worker-r2srq");
  }

  @Test
  void everyNameThatTheSchemaAllowsMakesAValidPodName() {
    for (int i = 0; i < 5_000; i++) {
      String cluster = clusterName();
      String group = groupName();
      String worker = worker("uid-" + i, cluster, group, i);

      assertThat(worker)
          .as("%s / %s", cluster, group)
          .matches(DNS_NAME)
          .matches(".*-worker-[bcdfghjklmnpqrstvwxz2456789]{5}")
          .hasSizeLessThanOrEqualTo(LONGEST_HOST_NAME);
      assertThat(PodNames.head(cluster))
          .matches(DNS_NAME)
          .hasSizeLessThanOrEqualTo(LONGEST_HOST_NAME);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "-", ".b", "-b"})
  void aNameThatIsCutAtASeparatorStaysValid(String tail) {
    for (int length = 1; length < LONGEST_GROUP_NAME - 1; length++) {
      String group = "a".repeat(length) + tail + "b";

      assertThat(worker("uid", "demo", group, 0)).matches(DNS_NAME);
    }
  }

  @Test
  void theSameQuestionHasTheSameAnswer() {
    assertThat(worker("uid", "demo", "small", 7)).isEqualTo(worker("uid", "demo", "small", 7));
  }

  @Test
  void hostsOfReplicasHaveNamesOfTheirOwn() {
    assertThat(
            Stream.of(
                host("tpu-abcde", 0),
                host("tpu-abcde", 1),
                host("tpu-fghjk", 0),
                worker("uid", "demo", "tpu", 0)))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("demo-tpu-worker-[bcdfghjklmnpqrstvwxz2456789]{5}"));
  }

  @Test
  void aReplicaIsNamedAfterItsGroup() {
    String name = PodNames.replica("uid", "tpu", 0, taken -> false);

    assertThat(name).matches("tpu-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(PodNames.replica("uid", "tpu", 0, taken -> false)).isEqualTo(name);
    assertThat(PodNames.replica("uid", "tpu", 0, name::equals)).isNotEqualTo(name);
    assertThat(PodNames.replica("uid", "tpu", 1, taken -> false)).isNotEqualTo(name);
    assertThat(PodNames.replica("uid", "g".repeat(LONGEST_GROUP_NAME), 0, taken -> false))
        .as("a label's value")
        .hasSizeLessThanOrEqualTo(63);
  }

  private static String host(String replica, int index) {
    return PodNames.worker("uid", "demo", "tpu", new Host(replica, index), taken -> false);
  }

  @Test
  void clusterGroupAndIndexAllMakeADifference() {
    assertThat(
            Stream.of(
                worker("uid", "demo", "small", 7),
                worker("other", "demo", "small", 7),
                worker("uid", "demo", "SMALL", 7),
                worker("uid", "demo", "small", 8)))
        .doesNotHaveDuplicates();
  }

  @Test
  void aTakenNameIsNotGivenAgain() {
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String name = PodNames.worker("uid", "demo", "small", 0, taken::contains);

      assertThat(taken.add(name)).as(name).isTrue();
    }
  }

  @Test
  void twoThousandWorkersHaveTwoThousandNames() {
    Set<String> taken = new HashSet<>();
    IntStream.range(0, 2_000)
        .forEach(
            index -> taken.add(PodNames.worker("uid", "demo", "small", index, taken::contains)));

    assertThat(taken).hasSize(2_000);
  }

  private static String worker(String uid, String cluster, String group, int index) {
    return PodNames.worker(uid, cluster, group, index, name -> false);
  }

  /** Any name that the CRD accepts for a cluster. */
  private String clusterName() {
    int length = 1 + random.nextInt(LONGEST_CLUSTER_NAME);
    return letter("abcxyz")
        + text("abc019-", Math.max(0, length - 2))
        + (length > 1 ? letter("abc019") : "");
  }

  /** Any name that the CRD accepts for a group: DNS labels joined by dots, in either case. */
  private String groupName() {
    int length = 1 + random.nextInt(LONGEST_GROUP_NAME);
    StringBuilder name = new StringBuilder(letter("aZ0"));
    while (name.length() < length) {
      boolean mayEnd = name.length() + 1 == length;
      boolean afterDot = name.charAt(name.length() - 1) == '.';
      boolean afterDash = name.charAt(name.length() - 1) == '-';
      String next = mayEnd || afterDot ? "aZ0" : afterDash ? "aZ0-" : "aZ0-.";
      name.append(letter(next));
    }
    return name.toString();
  }

  private String text(String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(letter(alphabet));
    }
    return text.toString();
  }

  private String letter(String alphabet) {
    return String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
  }
}
