/** Types of the custom resources, and what follows from them alone. */
package dev.spray.api;
