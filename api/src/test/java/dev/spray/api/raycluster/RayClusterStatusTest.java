package dev.spray.api.raycluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RayClusterStatusTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {state: ready}                                                              | true
          {conditions: []}                                                            | true
          {conditions: [{type: HeadPodReady}]}                                        | true
          {conditions: [{type: HeadPodReady, observedGeneration: 1}]}                 | true
          {conditions: [{type: Ready, observedGeneration: 1}, {type: HeadPodReady}]}  | true
          {conditions: [{type: Ready, observedGeneration: 1}]}                        | false
          {conditions: [{type: Ready, observedGeneration: 1}, {type: Theirs}]}        | false
          """)
  void whoWroteItLastShowsInTheConditions(String status, boolean another) {
    assertThat(Serialization.unmarshal("---\n" + status, RayClusterStatus.class).writtenByAnother())
        .isEqualTo(another);
  }
}
