/** The command line. */
package dev.spray.cli;
