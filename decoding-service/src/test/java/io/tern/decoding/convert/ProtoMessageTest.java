package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Expected bytes are the examples of protobuf's encoding guide, or were worked out from it by hand. */
class ProtoMessageTest {
    @Test
    void writesVarintsInGroupsOfSevenBits() {
        assertBytes(new ProtoMessage().whole(1, 150), "089601");
        assertBytes(new ProtoMessage().whole(1, 0).whole(2, 127), "0800107f");
        assertBytes(new ProtoMessage().whole(1, -2), "08feffffffffffffffff01");
        assertBytes(new ProtoMessage().whole(16, 1), "800101");
    }

    @Test
    void writesTextsAndMessagesWithTheirLength() {
        assertBytes(new ProtoMessage().text(2, "testing"), "120774657374696e67");
        assertBytes(new ProtoMessage().message(3, new ProtoMessage().whole(1, 150)), "1a03089601");
    }

    @Test
    void writesFloatsInLittleEndian() {
        assertBytes(new ProtoMessage().real(2, 1f), "150000803f");
    }

    private static void assertBytes(ProtoMessage message, String hex) {
        assertThat(HexFormat.of().formatHex(message.toByteArray())).isEqualTo(hex);
    }
}
