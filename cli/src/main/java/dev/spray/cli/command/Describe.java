package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** Tells all about something. */
@Command(
    name = "describe",
    description = "Tell all about a cluster.",
    subcommands = DescribeCluster.class)
final class Describe {}
