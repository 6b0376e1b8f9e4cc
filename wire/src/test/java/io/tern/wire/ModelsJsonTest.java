package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.model.v1.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsJsonTest {
    @Test
    void listsWhatIsServed() {
        Model model = Model.newBuilder()
                .setId("emoji")
                .addCapabilities("image")
                .setService("generation")
                .setDevice("cpu")
                .setPrecision("fp32")
                .setBitExact(true)
                .setLicence("MIT")
                .setSha256("ab")
                .setDefault(true)
                .setCreated(5)
                .build();
        assertThat(ModelsJson.list(List.of(model)).toString()).isEqualTo("""
                {"object":"list","data":[{"id":"emoji","object":"model","created":5,"owned_by":"tern",\
                "capabilities":["image"],"service":"generation","device":"cpu","precision":"fp32","bit_exact":true,\
                "licence":"MIT","sha256":"ab","default":true}]}""");
    }

    @Test
    void tellsWhatATextModelCanDo() {
        Model model = Model.newBuilder()
                .setContextLength(8192)
                .setVocabularySize(49152)
                .setKvCache("int8")
                .addDrafters("none")
                .addDrafters("mtp")
                .setCallFormat("llama")
                .build();
        assertThat(ModelsJson.model(model).toString()).endsWith("""
                        "context_length":8192,"vocabulary_size":49152,"kv_cache":"int8","drafters":["none","mtp"],"trees":false,"call_format":"llama"}""".strip());
    }
}
