package dev.spray.cli.ray;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DashboardTest {

  /** As Ray 2.60 answers when a job's name is taken: the head repeats what its agent said. */
  @Test
  void theCauseIsTheLastLineOfATracebackThatSaysAnything() {
    String said =
        """
        Traceback (most recent call last):
          File "job_head.py", line 411, in submit_job
            resp = await job_agent_client.submit_job_internal(submit_request)
        RuntimeError: Request failed with status code 400: Traceback (most recent call last):
          File "job_agent.py", line 45, in submit_job
        ValueError: Job with submission_id mine already exists. Please use a different submission_id.
        .
        """;
    assertThat(Dashboard.last(said))
        .isEqualTo(
            "ValueError: Job with submission_id mine already exists. Please use a different submission_id.");
  }
}
