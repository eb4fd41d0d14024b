package io.trc.entropy.range;

import java.math.BigInteger;

/**
 * The numbers from 0 to 1 that decode to the same symbols: those from {@code least}, and below
 * {@code end}, in units of 256^-bytes.
 *
 * @param least the least of them
 * @param end the least number above them
 * @param bytes the digits behind the point, base 256
 */
public record Interval(BigInteger least, BigInteger end, int bytes) {}
