package dev.spray.operator.cluster;

/**
 * Why a spec can't be carried out.
 *
 * @param reason one word for machines
 * @param message a sentence that says what to change
 */
record Problem(String reason, String message) {}
