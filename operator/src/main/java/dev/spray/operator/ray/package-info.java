/** What Ray tells over HTTP; asked in the background, so that no pass waits for it. */
package dev.spray.operator.ray;
