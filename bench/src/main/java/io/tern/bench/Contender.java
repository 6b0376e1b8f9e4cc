package io.tern.bench;

/** One of the two that a {@link Duel} compares: does its work and gives a number that depends on all of it. */
@FunctionalInterface
interface Contender {
    /** The result, by which the two are first checked to do the same; the compiler cannot drop the work. */
    double call() throws Exception;
}
