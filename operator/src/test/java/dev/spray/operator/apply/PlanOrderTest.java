package dev.spray.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Reason;
import dev.spray.operator.plan.SecretKind;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class PlanOrderTest {
  private static final Reason REASON = new Reason("Done", "Failed", "it is so");

  private static final Action APPLY =
      new Action.Apply(
          new ServiceBuilder().withNewMetadata().withName("s").endMetadata().build(),
          Optional.empty(),
          REASON);
  private static final Action MAKE =
      new Action.MakeSecret(
          new SecretBuilder().withNewMetadata().withName("t").endMetadata().build(),
          SecretKind.TOKEN,
          REASON);
  private static final Action REQUIRE =
      new Action.RequireSecret("ns", "t", SecretKind.TOKEN, true, "make it", REASON);
  private static final Action ADD = new Action.AddFinalizer("f", REASON);
  private static final Action REMOVE = new Action.RemoveFinalizer("f", REASON);
  private static final Action DELETE_CHILD =
      new Action.Delete(
          new ServiceBuilder().withNewMetadata().withName("old").endMetadata().build(), REASON);
  private static final Action CREATE =
      new Action.Create(
          new JobBuilder().withNewMetadata().withName("j").endMetadata().build(), REASON);
  private static final Action DELETE_POD =
      new Action.DeletePod("ns", "p", "uid", "1", Optional.empty(), REASON);
  private static final Action SMALL = create("small");
  private static final Action LARGE = create("large");

  private static final List<Action> END =
      List.of(
          new Action.SuspendCluster(Clusters.named("demo").build(), REASON),
          new Action.DeleteCluster(Clusters.named("demo").build(), REASON));

  /** What pods rest on. */
  static final List<Action> NEEDED = List.of(APPLY, MAKE, REQUIRE, ADD);

  @Test
  void likeActionsGoSideBySideInGrowingBatches() {
    List<Action> all = new ArrayList<>(Collections.nCopies(100, SMALL));
    all.addAll(Collections.nCopies(3, DELETE_POD));

    assertThat(sizes(all)).containsExactly(1, 2, 4, 8, 16, 32, 32, 5, 1, 2);
  }

  @Test
  void appliesGoOneByOne() {
    assertThat(sizes(Collections.nCopies(4, APPLY))).containsExactly(1, 1, 1, 1);
  }

  @Test
  void afterAFailureBatchesAreSmallAgain() {
    PlanOrder order = new PlanOrder(List.of(SMALL, SMALL, SMALL, LARGE, LARGE));
    var _ = order.next();

    order.after(failed(order.next(), Outcome.Kind.REFUSED));

    assertThat(order.next()).containsExactly(LARGE);
  }

  @ParameterizedTest
  @FieldSource("NEEDED")
  void withoutWhatPodsNeedOnlyDeletionsGoOn(Action needed) {
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      assertThat(leftAfter(needed, kind, APPLY, SMALL, DELETE_POD, REMOVE))
          .containsExactly(DELETE_POD);
    }
  }

  @Test
  void aRefusedPodStopsItsGroupAlone() {
    assertThat(leftAfter(SMALL, Outcome.Kind.REFUSED, SMALL, LARGE, DELETE_POD))
        .containsExactly(LARGE, DELETE_POD);
    assertThat(leftAfter(SMALL, Outcome.Kind.INVALID, SMALL, LARGE)).containsExactly(LARGE);
  }

  @Test
  void aRefusedDeletionOfAPodStopsTheOthers() {
    assertThat(leftAfter(DELETE_POD, Outcome.Kind.REFUSED, DELETE_POD, SMALL))
        .containsExactly(SMALL);
  }

  @Test
  void nothingRestsOnAnObjectThatIsToGo() {
    assertThat(leftAfter(DELETE_CHILD, Outcome.Kind.REFUSED, APPLY, SMALL, DELETE_POD))
        .containsExactly(APPLY, SMALL, DELETE_POD);
    assertThat(leftAfter(DELETE_CHILD, Outcome.Kind.TRANSIENT, APPLY, SMALL, DELETE_POD))
        .containsExactly(DELETE_POD);
  }

  @Test
  void nothingMoreIsTriedWhileTheApiServerIsAway() {
    assertThat(leftAfter(SMALL, Outcome.Kind.TRANSIENT, LARGE, DELETE_POD)).isEmpty();
    assertThat(leftAfter(DELETE_POD, Outcome.Kind.TRANSIENT, LARGE, DELETE_POD)).isEmpty();
  }

  @Test
  void aClusterThatEndsNeedsNothingElse() {
    for (Action end : END) {
      PlanOrder order = new PlanOrder(List.of(end, APPLY, SMALL, DELETE_POD));
      order.after(order.next().stream().map(Outcome::done).toList());
      assertThat(order.isDone()).isTrue();
    }
  }

  /** By a policy, for example: as long as it stays it is looked after. */
  @Test
  void aClusterThatMayNotEndIsLookedAfter() {
    for (Action end : END) {
      assertThat(leftAfter(end, Outcome.Kind.REFUSED, APPLY, SMALL, DELETE_POD))
          .containsExactly(APPLY, SMALL, DELETE_POD);
      assertThat(leftAfter(end, Outcome.Kind.TRANSIENT, APPLY, SMALL, DELETE_POD)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClusterThatCannotBeLetGoIsLeftAsItIs(Outcome.Kind kind) {
    assertThat(leftAfter(REMOVE, kind, SMALL, DELETE_POD)).isEmpty();
    assertThat(leftAfter(CREATE, kind, DELETE_POD)).isEmpty();
  }

  private static List<Integer> sizes(List<Action> actions) {
    PlanOrder order = new PlanOrder(actions);
    List<Integer> sizes = new ArrayList<>();
    while (!order.isDone()) {
      List<Action> batch = order.next();
      sizes.add(batch.size());
      order.after(batch.stream().map(Outcome::done).toList());
    }
    return sizes;
  }

  private static List<Action> leftAfter(Action first, Outcome.Kind kind, Action... others) {
    List<Action> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    PlanOrder order = new PlanOrder(all);
    order.after(failed(order.next(), kind));
    List<Action> left = new ArrayList<>();
    while (!order.isDone()) {
      left.addAll(order.next());
    }
    return left;
  }

  private static List<Outcome> failed(List<Action> actions, Outcome.Kind kind) {
    return actions.stream()
        .map(action -> Outcome.failed(action, new Outcome.Failure(kind, "no")))
        .toList();
  }

  private static Action create(String group) {
    return new Action.CreatePod(
        new PodBuilder()
            .withNewMetadata()
            .withName(group)
            .addToLabels(RayLabels.GROUP, group)
            .endMetadata()
            .build(),
        REASON);
  }
}
