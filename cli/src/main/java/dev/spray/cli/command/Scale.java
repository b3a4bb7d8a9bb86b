package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** Changes how many workers there are. */
@Command(
    name = "scale",
    description = "Change the number of workers.",
    subcommands = ScaleCluster.class)
final class Scale {}
