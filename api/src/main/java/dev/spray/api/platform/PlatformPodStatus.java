package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * What a pod of a cluster has.
 *
 * @param groupName its group; absent: the head
 * @param replicas how many such workers, or TPU slices, are wanted; absent: the head
 * @param ready how many such pods are ready; absent: none
 * @param cpu CPUs of its Ray container
 * @param memory of its Ray container
 * @param accelerator as the manifest calls it; absent: it has none
 * @param acceleratorCount how many; absent: none
 * @param image of its Ray container
 * @param imagePullSeconds how long the first such pod of which it is known waited for the image at
 *     the most: pull, volumes and network; absent: not known yet
 * @param capacity how its node is paid for; absent: the head
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformPodStatus(
    String groupName,
    Integer replicas,
    Integer ready,
    Quantity cpu,
    Quantity memory,
    String accelerator,
    Quantity acceleratorCount,
    String image,
    Integer imagePullSeconds,
    String capacity) {}
