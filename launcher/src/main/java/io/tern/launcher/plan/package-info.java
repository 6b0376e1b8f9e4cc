/**
 * What is to run where: {@link io.tern.launcher.plan.LaunchPlan} makes the five command lines from an installation, a
 * data folder, a port base and an address. Nothing here touches a process.
 */
@NullMarked
package io.tern.launcher.plan;

import org.jspecify.annotations.NullMarked;
