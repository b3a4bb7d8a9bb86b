package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What keeps a cluster's history after its end.
 *
 * @param collectorOptions the container beside every Ray container that collects it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryServerOptions(CollectorOptions collectorOptions) {}
