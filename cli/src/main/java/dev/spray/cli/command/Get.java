package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** Lists. */
@Command(
    name = "get",
    aliases = {"list", "ls"},
    description = "List clusters, and what is in them.",
    subcommands = {
      GetClusters.class,
      GetWorkerGroups.class,
      GetNodes.class,
      GetGpus.class,
      GetJobs.class
    })
final class Get {}
