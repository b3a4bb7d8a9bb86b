package dev.spray.operator.plan;

/**
 * An Event to be.
 *
 * @param warning whether its type is Warning, else Normal
 * @param reason for machines, for example {@code CreatedWorkerPod}
 * @param action what was tried, for example {@code Create}
 * @param note for people; cut to what Kubernetes allows when it is sent
 */
public record EventNote(boolean warning, String reason, String action, String note) {}
