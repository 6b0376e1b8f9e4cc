package io.tern.generation;

import io.tern.base.TernException;

/** After which steps the picture is shown on its way; never after the last one, which the picture itself follows. */
public sealed interface PreviewPlan {
    static PreviewPlan none() {
        return new Evenly(0);
    }

    /** After each so many steps, 1..1000. */
    record Every(int interval) implements PreviewPlan {
        public Every {
            if (!(1 <= interval && interval <= 1000)) {
                throw TernException.invalid("preview_every", interval, "0..1000, 0 is none");
            }
        }
    }

    /** So many times, 0..3, evenly spread; fewer times where there are not so many steps. */
    record Evenly(int count) implements PreviewPlan {
        public Evenly {
            if (!(0 <= count && count <= 3)) {
                throw TernException.invalid("partial_images", count, "0..3");
            }
        }

        /** The step nearest to the n-th of count + 1 equal parts. */
        private boolean contains(int step, int steps) {
            for (int n = 1; n <= count; n++) {
                if (step == Math.round((double) n * steps / (count + 1))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** @param step steps done, 1..steps */
    default boolean isShownAfter(int step, int steps) {
        return step < steps
                && switch (this) {
                    case Every(int interval) -> step % interval == 0;
                    case Evenly evenly -> evenly.contains(step, steps);
                };
    }
}
