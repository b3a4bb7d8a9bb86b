package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the API server refuses beyond wrong types, in CEL. Each message says what to change.
 *
 * <p>A patch of an object that broke a rule before must go through: Ray's autoscaler and Kueue must
 * not be stopped by what somebody else did, or by a rule that is younger than the object. Where
 * what a rule is about didn't change the API server sees to that by itself, so rules stand as deep
 * as they can. A rule over several fields stands at what holds them, which changes with any of
 * them; such a rule says itself what it makes of the object before.
 *
 * <p>What needs the object's labels or annotations, or a look through lists in every worker group's
 * template, is left to the operator: CEL doesn't see the former, and the latter costs more than it
 * may.
 */
final class Rules {
  private static final String AUTOSCALED = "self.?enableInTreeAutoscaling.orValue(false)";
  private static final String VERSION = "self.?autoscalerOptions.?version.orValue('')";
  private static final String VERSION_2_BY_ENV =
      headEnv("e.name == 'RAY_enable_autoscaler_v2' && has(e.value) && e.value in ['1', 'true']");
  private static final String VERSION_2 = "(%s == 'v2' || %s)".formatted(VERSION, VERSION_2_BY_ENV);

  private final ObjectNode schema;

  private Rules(ObjectNode schema) {
    this.schema = schema;
  }

  /** Writes all rules into the schema of a RayCluster. */
  static void addTo(ObjectNode schema) {
    Rules rules = new Rules(schema);
    rules.onCreation(
        "",
        """
        self.metadata.name.size() <= 53 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')
        """,
        """
        metadata.name must be at most 53 characters of a-z, 0-9 and '-', start with a letter and end \
        with a letter or a digit: pod and service names are made from it
        """);
    rules.always(
        "spec.managedBy",
        "self == oldSelf",
        """
        managedBy can't be changed: put it back, or make a new cluster
        """);
    rules.always(
        "spec.managedBy",
        "self in ['ray.io/kuberay-operator', 'kueue.x-k8s.io/multikueue']",
        "managedBy must be ray.io/kuberay-operator or kueue.x-k8s.io/multikueue, or absent");
    rules.platform();
    rules.groups();
    rules.autoscaler();
    rules.faultTolerance();
    rules.access();
    rules.history();
    rules.upgrades();
  }

  private void platform() {
    unlessBrokenBefore(
        "spec",
        "has(self.headGroupSpec) || has(self.platform)",
        """
        headGroupSpec is missing: give the head pod's template there, or write platform: {} for a \
        head as this platform has it
        """);
    always(
        "spec.platform.groups[]",
        "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
        """
        minReplicas must not be greater than maxReplicas: lower the one or raise the other
        """);
    always(
        "spec.platform.groups[]",
        "!has(self.reservation) || self.?capacity.orValue('') == 'Reservation'",
        """
        reservation is for capacity: Reservation; set that, or remove it
        """);
    always(
        "spec.platform.groups[]",
        "self.?capacity.orValue('') != 'Reservation' || has(self.reservation)",
        """
        capacity: Reservation needs reservation: write its name there
        """);
  }

  private void groups() {
    unlessBrokenBefore(
        "spec.workerGroupSpecs[]",
        "self.minReplicas <= self.maxReplicas",
        """
        minReplicas must not be greater than maxReplicas: lower the one or raise the other
        """);
    for (String group : new String[] {"spec.headGroupSpec", "spec.workerGroupSpecs[]"}) {
      unlessBrokenBefore(
          group,
          """
          self.?resources.orValue({}).size() == 0 || ['num-cpus', 'num-gpus', 'memory', 'resources']\
          .all(k, self.?rayStartParams[?k].orValue('') == '')
          """,
          """
          resources doesn't go with num-cpus, num-gpus, memory or resources in rayStartParams: move \
          them to resources
          """);
      always(
          group + ".rayStartParams",
          "!('labels' in self)",
          """
          rayStartParams.labels isn't taken: write the labels into the group's own field labels
          """);
    }
  }

  private void autoscaler() {
    onCreation(
        "spec",
        VERSION_2 + " || " + allGroups("!has(g.idleTimeoutSeconds)"),
        """
        workerGroupSpecs[].idleTimeoutSeconds is for Ray's autoscaler v2: set \
        autoscalerOptions.version: v2, or remove it
        """);
    onCreation(
        "spec",
        VERSION_2 + " || " + allGroups("!has(g.priority) || g.priority == 0"),
        """
        workerGroupSpecs[].priority is for Ray's autoscaler v2: set autoscalerOptions.version: v2, \
        or remove it
        """);
    onCreation(
        "spec",
        "!" + AUTOSCALED + " || " + allGroups("!has(g.suspend) || !g.suspend"),
        """
        workerGroupSpecs[].suspend doesn't go with enableInTreeAutoscaling, as Ray's autoscaler \
        would start the pods again: remove one of them
        """);
    String policy = "template.spec.?restartPolicy.orValue('') in ['', 'Never']";
    onCreation(
        "spec",
        "!%s || %s != 'v2' || ((!has(self.headGroupSpec) || self.headGroupSpec.%s) && %s)"
            .formatted(AUTOSCALED, VERSION, policy, allGroups("g." + policy)),
        """
        autoscalerOptions.version: v2 replaces pods, not containers: remove restartPolicy from every \
        template, or set it to Never
        """);
    onCreation(
        "spec",
        AUTOSCALED + " || !" + VERSION_2_BY_ENV,
        """
        RAY_enable_autoscaler_v2 in the head's env needs enableInTreeAutoscaling: true; add it, or \
        remove the variable
        """);
    onCreation(
        "spec",
        "!%s || %s == '' || !%s"
            .formatted(AUTOSCALED, VERSION, headEnv("e.name == 'RAY_enable_autoscaler_v2'")),
        """
        autoscalerOptions.version says which autoscaler runs: remove RAY_enable_autoscaler_v2 from \
        the head's env
        """);
    always(
        "spec.autoscalerOptions.env",
        "!self.exists(e, e.name == 'KUBERAY_GEN_AUTOSCALER_START_CMD')",
        """
        KUBERAY_GEN_AUTOSCALER_START_CMD is set by the operator: remove it from autoscalerOptions.env
        """);
    unlessBrokenBefore(
        "spec",
        "!has(self.idleTerminationOptions) || (%s && %s != 'v1')".formatted(AUTOSCALED, VERSION),
        """
        idleTerminationOptions is carried out by Ray's autoscaler v2: set \
        enableInTreeAutoscaling: true and autoscalerOptions.version: v2, or remove it
        """);
  }

  private void faultTolerance() {
    String options = "spec.gcsFaultToleranceOptions";
    always(
        options + ".backend",
        "self == oldSelf",
        """
        gcsFaultToleranceOptions.backend can't be changed, as the state of the GCS would be lost: \
        put it back, or make a new cluster
        """);
    always(
        options,
        """
        self.?backend.orValue('') != 'rocksdb' || (self.?redisAddress.orValue('') == '' && \
        !has(self.redisUsername) && !has(self.redisPassword) && \
        self.?externalStorageNamespace.orValue('') == '')
        """,
        """
        redisAddress, redisUsername, redisPassword and externalStorageNamespace are for the backend \
        redis: remove them, or backend: rocksdb
        """);
    always(
        options,
        "self.?backend.orValue('') == 'rocksdb' || !has(self.storage)",
        """
        storage is for the backend rocksdb: remove it, or set backend: rocksdb
        """);
    always(
        options + ".storage",
        """
        self.?claimName.orValue('') == '' || !(has(self.size) || has(self.storageClassName) || \
        self.?accessModes.orValue([]).size() > 0)
        """,
        """
        claimName names a volume of yours, and size, storageClassName and accessModes are for one \
        that the operator makes: remove the former or the latter
        """);
    for (String credential : new String[] {".redisUsername", ".redisPassword"}) {
      always(
          options + credential,
          "self.?value.orValue('') == '' || !has(self.valueFrom)",
          """
          give value or valueFrom, not both: remove one of them
          """);
    }
    unlessBrokenBefore(
        "spec",
        """
        !has(self.gcsFaultToleranceOptions) || \
        self.?headGroupSpec.?rayStartParams[?'redis-password'].orValue('') == ''
        """,
        """
        headGroupSpec.rayStartParams.redis-password doesn't go with gcsFaultToleranceOptions: move it \
        to gcsFaultToleranceOptions.redisPassword
        """);
    onCreation(
        "spec",
        "!has(self.gcsFaultToleranceOptions) || !"
            + headEnv("e.name in ['RAY_REDIS_ADDRESS', 'REDIS_PASSWORD']"),
        """
        RAY_REDIS_ADDRESS and REDIS_PASSWORD in the head's env don't go with \
        gcsFaultToleranceOptions: move them to its redisAddress and redisPassword
        """);
    always(
        "spec.headGroupSpec.rayStartParams",
        "self[?'redis-username'].orValue('') == ''",
        """
        rayStartParams.redis-username isn't taken: move it to gcsFaultToleranceOptions.redisUsername
        """);
    onCreation(
        "spec",
        "!" + headEnv("e.name == 'REDIS_USERNAME'"),
        """
        REDIS_USERNAME in the head's env isn't taken: move it to \
        gcsFaultToleranceOptions.redisUsername
        """);
  }

  private void access() {
    String token = "self.?enableK8sTokenAuth.orValue(false)";
    always(
        "spec.authOptions",
        "!" + token + " || self.?mode.orValue('') == 'token'",
        """
        authOptions.enableK8sTokenAuth needs authOptions.mode: token; add the mode, or remove \
        enableK8sTokenAuth
        """);
    always(
        "spec.authOptions",
        "!" + token + " || self.?secretName.orValue('') == ''",
        """
        authOptions.secretName doesn't go with enableK8sTokenAuth, which asks for Kubernetes' own \
        tokens: remove one of them
        """);
    onCreation(
        "spec",
        """
        self.?authOptions.?mode.orValue('') != 'token' || \
        (has(self.platform) && !has(self.rayVersion)) || (has(self.rayVersion) && \
        self.rayVersion.matches(r'^v?([3-9]|[1-9][0-9]+|2\\.(5[2-9]|[6-9][0-9]|[1-9][0-9][0-9]))'))
        """,
        """
        authOptions.mode: token needs Ray 2.52 or later: write the images' version into rayVersion, \
        or set mode: disabled
        """);
    always(
        "spec.networkPolicy",
        "self.?mode.orValue('') != 'DenyAllEgress' || " + no("ingress"),
        """
        networkPolicy.mode: DenyAllEgress lets every incoming connection in: remove the \
        ingressRules, or set mode: DenyAll
        """);
    always(
        "spec.networkPolicy",
        "self.?mode.orValue('') != 'DenyAllIngress' || " + no("egress"),
        """
        networkPolicy.mode: DenyAllIngress lets every outgoing connection out: remove the \
        egressRules, or set mode: DenyAll
        """);
    onCreation(
        "spec",
        "!has(self.networkPolicy) || "
            + allGroups("g.groupName.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')"),
        """
        networkPolicy names an object after every worker group: write workerGroupSpecs[].groupName \
        in lower case and without dots
        """);
  }

  private void upgrades() {
    for (String amount : new String[] {"maxSurge", "maxUnavailable"}) {
      always(
          "spec.upgradeStrategy.rollingUpdate." + amount,
          "type(self) == string ? self.matches('^[0-9]{1,6}%$') : self >= 0",
          "upgradeStrategy.rollingUpdate.%s must be a whole number from 0, or a percentage such as"
                  .formatted(amount)
              + " 25%");
    }
    always(
        "spec.upgradeStrategy.rollingUpdate",
        """
        !has(self.maxSurge) || self.maxSurge != 0 || \
        (has(self.maxUnavailable) && self.maxUnavailable != 0)
        """,
        """
        upgradeStrategy.rollingUpdate can't have both maxSurge and maxUnavailable at 0, as no pod \
        could be replaced then: raise one of them
        """);
    always(
        "spec.upgradeStrategy",
        "!has(self.rollingUpdate) || self.?type.orValue('') == 'RollingUpdate'",
        """
        upgradeStrategy.rollingUpdate is for type: RollingUpdate; set that type, or remove it
        """);
  }

  private void history() {
    String options = "spec.historyServerOptions";
    always(
        options,
        "has(self.collectorOptions)",
        """
        historyServerOptions.collectorOptions is missing: give the collector's image and env there
        """);
    always(
        options + ".collectorOptions",
        "self.?image.orValue('') != ''",
        """
        historyServerOptions.collectorOptions.image is missing: name the collector's image
        """);
    always(
        options + ".collectorOptions",
        """
        has(self.env) && \
        self.env.exists(e, e.name == 'STORAGE_BACKEND' && has(e.value) && e.value != '')
        """,
        """
        historyServerOptions.collectorOptions.env needs STORAGE_BACKEND with a value: add it
        """);
    always(
        options + ".collectorOptions.env",
        """
        !self.exists(e, e.name in ['POD_IP', 'FQ_RAY_IP', 'RAY_CLUSTER_NAME', \
        'RAY_CLUSTER_NAMESPACE', 'RAY_ROLE', 'OWNER_KIND', 'OWNER_NAME', 'EVENTS_PORT'])
        """,
        """
        POD_IP, FQ_RAY_IP, RAY_CLUSTER_NAME, RAY_CLUSTER_NAMESPACE, RAY_ROLE, OWNER_KIND, OWNER_NAME \
        and EVENTS_PORT are set by the operator: remove them from \
        historyServerOptions.collectorOptions.env
        """);
  }

  /** Whether an environment variable {@code e} of the head's Ray container is like that. */
  private static String headEnv(String condition) {
    String env = "self.headGroupSpec.template.spec.containers[0].env";
    return "(has(self.headGroupSpec) && has(%s) && %s.exists(e, %s))"
        .formatted(env, env, condition);
  }

  /** Whether every worker group {@code g} is like that. */
  private static String allGroups(String condition) {
    return "(!has(self.workerGroupSpecs) || self.workerGroupSpecs.all(g, %s))".formatted(condition);
  }

  /** Whether a network policy has no rules of a direction. */
  private static String no(String direction) {
    String none = "(!has(%1$s.%2$sRules) || %1$s.%2$sRules.size() == 0)";
    return "((!has(self.head) || %s) && (!has(self.worker) || %s) && (!has(self.workerGroups) || %s))"
        .formatted(
            none.formatted("self.head", direction),
            none.formatted("self.worker", direction),
            "self.workerGroups.all(g, %s)".formatted(none.formatted("g", direction)));
  }

  /** A rule that the API server itself lets go of where what it is about didn't change. */
  private void always(String path, String rule, String message) {
    add(path, rule, message);
  }

  private void unlessBrokenBefore(String path, String rule, String message) {
    String before = rule.strip().replaceAll("\\bself\\b", "oldSelf.value()");
    add(path, "(%s) || (oldSelf.hasValue() && !(%s))".formatted(rule.strip(), before), message)
        .put("optionalOldSelf", true);
  }

  /** For rules over lists: what a look at the list before may cost, the API server can't tell. */
  private void onCreation(String path, String rule, String message) {
    add(path, "oldSelf.hasValue() || " + rule.strip(), message).put("optionalOldSelf", true);
  }

  private ObjectNode add(String path, String rule, String message) {
    JsonNode node = schema;
    for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
      node = node.at("/properties/" + step.replace("[]", "/items"));
    }
    return ((ObjectNode) node)
        .withArray("x-kubernetes-validations")
        .addObject()
        .put("message", message.strip())
        .put("rule", rule.strip());
  }
}
