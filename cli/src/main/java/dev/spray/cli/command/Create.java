package dev.spray.cli.command;

import picocli.CommandLine.Command;

/** Creates. */
@Command(name = "create", description = "Create a cluster.", subcommands = CreateCluster.class)
final class Create {}
