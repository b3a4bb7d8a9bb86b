/** The only writer: carries out plans, patches status, records Events. */
package dev.spray.operator.apply;
