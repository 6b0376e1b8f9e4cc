/**
 * What is found out about a model on the machine at hand, and remembered: kernels differ from processor to processor. Begin
 * at {@link io.tern.machine.ExactnessRecord}.
 */
@NullMarked
package io.tern.machine;

import org.jspecify.annotations.NullMarked;
