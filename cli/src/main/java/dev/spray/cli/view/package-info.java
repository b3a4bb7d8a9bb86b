/** How clusters look in text; pure but for the printing. */
package dev.spray.cli.view;
