/** What can go wrong, as a person and as a program reads it. */
package dev.spray.cli.failure;
