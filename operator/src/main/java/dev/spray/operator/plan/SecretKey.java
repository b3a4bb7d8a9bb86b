package dev.spray.operator.plan;

/**
 * Where one value of a Secret is.
 *
 * @param secret name of the Secret
 * @param key where the Secret has it
 */
public record SecretKey(String namespace, String secret, String key) {}
