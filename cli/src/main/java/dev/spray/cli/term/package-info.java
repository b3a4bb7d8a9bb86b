/** What a person or a pipe gets to read. */
package dev.spray.cli.term;
