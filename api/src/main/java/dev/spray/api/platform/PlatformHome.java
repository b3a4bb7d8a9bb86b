package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * Where the files of a workspace stay.
 *
 * @param size of a volume for them; absent: they go with the pod
 * @param retain whether the volume outlives the cluster
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformHome(Quantity size, Boolean retain) {}
