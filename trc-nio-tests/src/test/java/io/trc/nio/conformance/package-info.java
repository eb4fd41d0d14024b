/** An independent suite for file system providers, run against the overlay. */
package io.trc.nio.conformance;
