/** The operator. Each package is a room; {@code WallsTest} keeps who may use what. */
package dev.spray.operator;
