package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where the head is.
 *
 * @param podIP IP of the head pod
 * @param podName name of the head pod
 * @param serviceIP IP of the head service; of a headless one, the head pod's
 * @param serviceName name of the head service
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeadInfo(String podIP, String podName, String serviceIP, String serviceName) {}
