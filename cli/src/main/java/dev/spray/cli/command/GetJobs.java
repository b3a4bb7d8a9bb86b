package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** The same as {@code job list}, for who expects it among the lists. */
@Command(name = "jobs", aliases = "job", description = "List the jobs of a cluster.")
final class GetJobs extends Job.ListAll {}
