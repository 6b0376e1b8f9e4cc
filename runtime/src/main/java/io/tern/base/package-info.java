/**
 * What every module speaks of: errors by who must act ({@link io.tern.base.TernException}), the end of a call ({@link
 * io.tern.base.Cancellation}), and where calls meet to be run as one ({@link io.tern.base.Rendezvous}).
 */
@NullMarked
package io.tern.base;

import org.jspecify.annotations.NullMarked;
