package dev.spray.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.spray.operator.observe.PodReading;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The walls between the rooms of the operator. */
class WallsTest {
  private static final String ROOT = "dev.spray.operator";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static final DescribedPredicate<JavaClass> RECONCILERS =
      DescribedPredicate.describe(
          "reconcilers", type -> outermost(type).getSimpleName().endsWith("Reconciler"));

  private static final DescribedPredicate<JavaClass> PURE =
      resideInAnyPackage(
              ROOT + ".plan..", ROOT + ".pods..", ROOT + ".resources..", ROOT + ".scheduling..")
          .or(resideInAPackage(ROOT + ".cluster..").and(DescribedPredicate.not(RECONCILERS)))
          .or(
              resideInAPackage(ROOT + ".observe..")
                  .and(
                      DescribedPredicate.describe(
                          "records, and what makes one of a pod",
                          type ->
                              type.isRecord() || outermost(type).isAssignableTo(PodReading.class))))
          .as("pure classes");

  private static final DescribedPredicate<JavaClass> CLIENTS =
      resideInAnyPackage(
          "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "java.net.http..");

  private static final DescribedPredicate<JavaCall<?>> CLOCK_OR_CHANCE =
      DescribedPredicate.describe(
          "ask the clock or chance",
          call -> {
            JavaClass owner = call.getTargetOwner();
            String method = call.getName();
            return switch (owner.getPackageName()) {
              case "java.time" -> method.equals("now") || method.startsWith("system");
              case "java.lang" ->
                  Set.of("currentTimeMillis", "nanoTime", "random", "sleep").contains(method);
              default ->
                  owner.getName().matches("java\\.util\\..*Random.*")
                      || (owner.isEquivalentTo(UUID.class) && method.equals("randomUUID"));
            };
          });

  /** How fabric8's client writes. */
  private static final DescribedPredicate<JavaCall<?>> WRITES =
      DescribedPredicate.describe(
          "write to the API server",
          call ->
              CLIENTS.test(call.getTargetOwner())
                  && call.getName()
                      .matches(
                          "create.*|update.*|patch.*|edit.*|replace.*|delete.*|serverSideApply"
                              + "|evict|scale|raw"));

  /** To ask whose a token is a review is created, of which the API server keeps nothing. */
  private static final DescribedPredicate<JavaClass> ASKS =
      DescribedPredicate.describe(
          "SigningKnowledge", type -> outermost(type).getSimpleName().equals("SigningKnowledge"));

  private static final ArchRule PURE_ROOMS_KNOW_NO_CLIENT =
      noClasses().that(PURE).should().dependOnClassesThat(CLIENTS);

  private static final ArchRule PURE_ROOMS_KNOW_NO_CLOCK =
      noClasses().that(PURE).should().callMethodWhere(CLOCK_OR_CHANCE);

  private static final ArchRule ONLY_APPLY_AND_THE_ELECTION_WRITE =
      noClasses()
          .that(
              DescribedPredicate.not(
                  resideInAPackage(ROOT + ".apply..")
                      .or(
                          DescribedPredicate.describe(
                              "LeaderElection",
                              type -> outermost(type).getSimpleName().equals("LeaderElection")))
                      .or(ASKS)))
          .should()
          .callMethodWhere(WRITES);

  @Test
  void pureRoomsKnowNoClient() {
    PURE_ROOMS_KNOW_NO_CLIENT.check(CLASSES);
  }

  @Test
  void pureRoomsKnowNeitherClockNorChance() {
    PURE_ROOMS_KNOW_NO_CLOCK.check(CLASSES);
  }

  @Test
  void pureRoomsKnowNoRoomThatActs() {
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".apply..", ROOT + ".runtime..")
        .check(CLASSES);
  }

  @Test
  void onlyApplyAndRuntimeUseTheClient() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".apply..", ROOT + ".runtime..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
        .check(CLASSES);
  }

  @Test
  void onlyReconcilersObserveAndRuntimeImportJosdk() {
    noClasses()
        .that(
            DescribedPredicate.not(
                RECONCILERS.or(resideInAnyPackage(ROOT + ".observe..", ROOT + ".runtime.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javaoperatorsdk..")
        .check(CLASSES);
  }

  @Test
  void onlyApplyAndTheElectionWrite() {
    ONLY_APPLY_AND_THE_ELECTION_WRITE.check(CLASSES);
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void allPureRoomsAreSeen() {
    assertThat(CLASSES.stream().filter(PURE).map(JavaClass::getSimpleName))
        .contains(
            "Plan",
            "RayPod",
            "HeadService",
            "ClusterDecision",
            "ClusterStatus",
            "SecretsDecision",
            "ObservedCluster",
            "ObservedPod",
            "PodReading")
        .doesNotContain("RayClusterReconciler", "ClusterCaches", "Applier");
  }

  /** A wall that nothing could ever run into would prove nothing. */
  @Test
  void theWallsCanFail() {
    assertThat(breaks(noClasses().should().dependOnClassesThat(CLIENTS), "runtime.Clients"))
        .isTrue();
    assertThat(breaks(noClasses().should().callMethodWhere(CLOCK_OR_CHANCE), "runtime.RayOperator"))
        .as("InstantSource.system")
        .isTrue();
    assertThat(
            breaks(noClasses().should().callMethodWhere(CLOCK_OR_CHANCE), "runtime.LeaderElection"))
        .as("System.nanoTime")
        .isTrue();
    assertThat(breaks(noClasses().should().callMethodWhere(CLOCK_OR_CHANCE), "apply.EventWriter"))
        .as("UUID.randomUUID")
        .isTrue();
    for (String writer :
        new String[] {
          "apply.ChildWriter",
          "apply.Claims",
          "apply.Deletions",
          "apply.EventWriter",
          "apply.FinalizerWriter",
          "apply.SpecWriter",
          "apply.StatusWriter",
          "runtime.LeaderElection"
        }) {
      assertThat(breaks(noClasses().should().callMethodWhere(WRITES), writer)).as(writer).isTrue();
    }
  }

  private static boolean breaks(ArchRule rule, String type) {
    JavaClasses one =
        CLASSES.that(
            DescribedPredicate.describe(
                type, c -> outermost(c).getName().equals(ROOT + "." + type)));
    return rule.evaluate(one).hasViolation();
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }
}
