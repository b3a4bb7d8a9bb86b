package dev.spray.api.platform;

/**
 * Default sizes of containers.
 *
 * @param head of the head
 * @param worker of a worker without accelerator; where a machine is named its own size holds
 * @param autoscaler of Ray's autoscaler, which lies beside the head
 */
public record Sizes(Size head, Size worker, Size autoscaler) {}
