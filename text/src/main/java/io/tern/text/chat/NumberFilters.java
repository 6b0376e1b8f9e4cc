package io.tern.text.chat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Filters that make numbers; the names are Jinja's, in small letters. */
enum NumberFilters implements Filter {
    INT {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(1, "default");
            return switch (input) {
                case Value.Whole whole -> whole;
                case Value.Bool(boolean truth) -> new Value.Whole(truth ? 1 : 0);
                case Value.Real(double real) -> new Value.Whole((long) real);
                case Value.Text text -> whole(text.plain().strip(), call);
                default -> absent(call);
            };
        }

        private Value whole(String text, Call call) {
            try {
                return text.matches("[+-]?\\d{1,18}")
                        ? new Value.Whole(Long.parseLong(text))
                        : new Value.Whole((long) Double.parseDouble(text));
            } catch (NumberFormatException _) {
                return absent(call);
            }
        }

        private Value absent(Call call) {
            return new Value.Whole(call.whole(0, "default", 0));
        }
    },
    FLOAT {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return switch (input) {
                case Value.Whole(long whole) -> new Value.Real(whole);
                case Value.Real real -> real;
                case Value.Text text -> real(text.plain());
                default -> new Value.Real(0);
            };
        }

        private Value real(String text) {
            try {
                return new Value.Real(Double.parseDouble(text.strip()));
            } catch (NumberFormatException _) {
                return new Value.Real(0);
            }
        }
    },
    ABS {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return switch (input) {
                case Value.Whole(long whole) -> new Value.Whole(Math.abs(whole));
                case Value.Real(double real) -> new Value.Real(Math.abs(real));
                default -> throw call.error(input.typeName() + " (expected: a number)");
            };
        }
    },
    ROUND {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(1, "precision");
            double number = switch (input) {
                case Value.Whole(long whole) -> whole;
                case Value.Real(double real) -> real;
                default -> throw call.error(input.typeName() + " (expected: a number)");
            };
            int places = Math.clamp(call.whole(0, "precision", 0), -300, 300);
            return new Value.Real(new BigDecimal(number)
                    .setScale(places, RoundingMode.HALF_EVEN)
                    .doubleValue());
        }
    };

    static Optional<NumberFilters> named(String name) {
        return Stream.of(values())
                .filter(filter -> filter.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
