package dev.spray.e2e.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.pods.PodDefaults;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.runtime.Options;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What exists stays as it is when the operator becomes another one. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class UnchangedTest {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          RayCluster.class,
          Pod.class,
          Service.class,
          ServiceAccount.class,
          Role.class,
          RoleBinding.class,
          Ingress.class);

  /** Each option says something else than before, and so does the version. */
  private static Options others(Options options) {
    PodDefaults defaults =
        new PodDefaults(
            List.of(new EnvVarBuilder().withName("NEW").withValue("yes").build()),
            Map.of("example.com/new", "yes"),
            Map.of("example.com/new", "yes"),
            List.of(new ContainerBuilder().withName("new").withImage("new").build()),
            List.of(new ContainerBuilder().withName("new").withImage("new").build()));
    return new Options(
        options.watchNamespaces(),
        options.leaderElection(),
        options.leaseNamespace(),
        options.leaseName(),
        options.identity(),
        0,
        0,
        0,
        options.signingUrl(),
        options.shutdownGrace(),
        new PodSettings("another-version", "example.com", true, false, false, defaults),
        new ChildSettings(!options.children().headClusterIp(), true),
        options.platformConfiguration(),
        !options.decoratesPlain(),
        !options.randomPodDelete(),
        options.scheduler());
  }

  @Test
  void anotherVersionAndAnotherConfigurationChangeNothing(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      RayOperator first = playground.startOperator();
      List<String> clusters = List.of("plain", "everything", "hosts", "addressed");
      playground.apply(Manifests.cluster("plain", 2));
      playground.apply(Manifests.everything("everything", 1));
      playground.apply(Manifests.multiHost("hosts", 1, 2));
      playground.apply(
          Manifests.head("addressed")
              .replace("headGroupSpec:\n", "headGroupSpec:\n    serviceType: NodePort\n"));
      Playground.await().until(() -> playground.pods().size() == 3 + 2 + 3 + 1);
      playground.pods().forEach(playground::makeReady);
      clusters.forEach(cluster -> playground.awaitTrue(cluster, ConditionTypes.READY));
      first.close();
      Map<String, List<ManagedFieldsEntry>> before = managedFields(playground);
      int writes = writes(testbed, playground);

      RayOperator second =
          playground.startOperator(
              playground.operatorConfig(),
              (config, options) -> new RayOperator(config, others(options)));

      // It works: what comes from now on is made its way.
      playground.apply(Manifests.head("later"));
      Playground.await().until(() -> playground.heads("later").size() == 1);
      assertThat(playground.heads("later").getFirst().getMetadata().getLabels())
          .containsKey("example.com/new");
      Playground.await()
          .during(Duration.ofSeconds(3))
          .untilAsserted(() -> assertThat(managedFields(playground)).containsAllEntriesOf(before));
      second.close();
      assertThat(before).hasSizeGreaterThan(20);
      assertThat(writesAboutOthers(testbed, playground)).hasSize(writes);
    }
  }

  private static Map<String, List<ManagedFieldsEntry>> managedFields(Playground playground) {
    Map<String, List<ManagedFieldsEntry>> all = new TreeMap<>();
    for (Class<? extends HasMetadata> kind : KINDS) {
      playground
          .admin()
          .resources(kind)
          .inNamespace(playground.namespace())
          .list()
          .getItems()
          .forEach(object ->
              all.put(
                  object.getKind() + " " + object.getMetadata().getName(),
                  object.getMetadata().getManagedFields()));
    }
    return all;
  }

  private static int writes(Testbed testbed, Playground playground) {
    return writesAboutOthers(testbed, playground).size();
  }

  private static List<Audit.Request> writesAboutOthers(Testbed testbed, Playground playground) {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> !List.of("get", "list").contains(request.verb()))
        .filter(request -> !request.resource().equals("events"))
        .filter(request -> !request.name().startsWith("later"))
        .toList();
  }
}
