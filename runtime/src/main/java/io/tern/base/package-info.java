/**
 * What every module speaks of: errors by who must act ({@link io.tern.base.TernException}) and the end of a call
 * ({@link io.tern.base.Cancellation}).
 */
@NullMarked
package io.tern.base;

import org.jspecify.annotations.NullMarked;
