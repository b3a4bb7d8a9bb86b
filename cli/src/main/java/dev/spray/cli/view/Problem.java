package dev.spray.cli.view;

/**
 * Something that went wrong lately.
 *
 * @param subject name of the object
 * @param text reason and message
 */
public record Problem(String subject, String text) {}
