package dev.spray.operator.plan;

/**
 * Why something is done.
 *
 * @param done event reason when it was done, for example {@code CreatedWorkerPod}
 * @param failed event reason when it failed, for example {@code FailedToCreateWorkerPod}
 * @param why a clause for people, for example {@code group small wants 3 workers and has 2}
 */
public record Reason(String done, String failed, String why) {}
