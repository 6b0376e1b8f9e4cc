package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldNamesTest {
    private static final FieldNames NAMES =
            FieldNames.of(Map.of("tools[0]", "tools[2].function", "schema", "format.schema", "schema.x", "y"));

    @Test
    void aFieldTakesItsOwnFieldsAlong() {
        assertThat(NAMES.told("tools[0]")).isEqualTo("tools[2].function");
        assertThat(NAMES.told("tools[0].parameters.a[1]")).isEqualTo("tools[2].function.parameters.a[1]");
        assertThat(NAMES.told("schema[3]: 1 (expected: 2)")).isEqualTo("format.schema[3]: 1 (expected: 2)");
        assertThat(NAMES.told("schema.x.z")).isEqualTo("y.z"); // the longer name
    }

    @Test
    void othersKeepTheirs() {
        for (String path : new String[] {"tools[1].parameters", "schemas", "my.schema", ""}) {
            assertThat(NAMES.told(path)).isEqualTo(path);
        }
    }

    @Test
    void aCallersCallerHasItsOwn() {
        assertThat(NAMES.then(FieldNames.of(Map.of("format", "text.format"))).told("schema.a"))
                .isEqualTo("text.format.schema.a");
    }

    @Test
    void aRefusalNamesWhatWasSent() {
        TernException told = NAMES.told(TernException.invalid("schema", 1, "2"));
        assertThat(told.field()).isEqualTo("format.schema");
        assertThat(told).hasMessage("format.schema: 1 (expected: 2)");
        assertThat(told.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        TernException other = new TernException(ErrorCode.INTERNAL_ERROR, "schema: broken");
        assertThat(NAMES.told(other)).isSameAs(other);
    }
}
