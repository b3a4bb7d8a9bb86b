/** The commands, a class each. */
package dev.spray.cli.command;
