/** What is there: the only reader of caches. Its records are pure and are all that others see. */
package dev.spray.operator.observe;
