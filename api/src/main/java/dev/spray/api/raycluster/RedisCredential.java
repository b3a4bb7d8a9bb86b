package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.EnvVarSource;

/**
 * A name or a password, here or by reference.
 *
 * @param value the text itself
 * @param valueFrom where it stands
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RedisCredential(String value, EnvVarSource valueFrom) {}
