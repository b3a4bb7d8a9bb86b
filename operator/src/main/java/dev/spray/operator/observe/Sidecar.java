package dev.spray.operator.observe;

/**
 * How a container beside Ray's is.
 *
 * @param running whether it runs
 * @param reason one word for what holds it up
 * @param message the text that goes with it
 */
public record Sidecar(boolean running, String reason, String message) {}
