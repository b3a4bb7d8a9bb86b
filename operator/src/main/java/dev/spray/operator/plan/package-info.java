/** What a pass wants done, as data; pure. */
package dev.spray.operator.plan;
