/** How probable data are under a model, exactly but for the error of the integration. Song et al. 2021, section 4.3. */
@NullMarked
package io.tern.generation.likelihood;

import org.jspecify.annotations.NullMarked;
