package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** Deletes. */
@Command(
    name = "delete",
    aliases = "rm",
    description = "Delete clusters.",
    subcommands = DeleteCluster.class)
final class Delete {}
