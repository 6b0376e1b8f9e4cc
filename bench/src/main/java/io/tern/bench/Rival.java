package io.tern.bench;

import java.util.concurrent.Callable;

/**
 * One of those that a {@link ThroughputBench} measures in turns.
 *
 * @param mostThreads how many may ask it at once, however many clients there are: a loop has no queue
 * @param ask has one picture looked at; gives how many objects, or outputs, were found
 * @param cpuMillis processor time that it has taken since its start
 */
record Rival(String name, int mostThreads, Callable<Integer> ask, Callable<Double> cpuMillis) {}
