package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.ClusterWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntrypointTest {

  @Test
  void wordsReachTheCommandAsTheyWere() {
    assertThat(JobSubmit.entrypoint(List.of("python", "train.py", "--lr=0.1")))
        .isEqualTo("python train.py --lr=0.1");
    assertThat(JobSubmit.entrypoint(List.of("python", "-c", "print('a b')")))
        .isEqualTo("python -c 'print('\"'\"'a b'\"'\"')'");
    assertThat(JobSubmit.entrypoint(List.of("echo $HOME && ls"))).isEqualTo("echo $HOME && ls");
  }

  @Test
  void whoStopsWaitingIsToldWhatToType() {
    assertThat(JobSubmit.again("j", new Cluster(ClusterWriter.empty("n", "c"))))
        .isEqualTo("sp-ray job logs -f j --cluster c -n n, or sp-ray job stop j --cluster c -n n");
  }
}
