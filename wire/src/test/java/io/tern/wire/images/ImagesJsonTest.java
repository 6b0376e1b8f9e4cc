package io.tern.wire.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import io.tern.generation.v1.Sde;
import io.tern.wire.Bodies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesJsonTest {
    @Test
    void readsEveryFieldOfTheContract() {
        ImagesRequest request = ImagesJson.request(Bodies.body("""
                {'model':'emoji','prompt':'red apple','negative_prompt':'green','size':'64x48','seed':7,'steps':12,
                 'guidance_scale':2.5,'sampler':'ddim','schedule':'karras','spacing':'trailing','eta':0.5,'latents':'AAAAAA==','n':2,'preview_every':3,'stream':true,
                 'guidance_rescale':0.5,'first_index':3,'strength':0.25,'upscale':1.5,'difficulty':70,'image':'data:image/png;base64,AQI=',
                 'mask':'data:image/png;base64,Aw==',
                 'response_format':'b64_json','user':'u','quality':'auto','background':'opaque','output_format':'webp','output_compression':100,
                 'moderation':'low','style':'vivid'}"""));
        assertThat(request.stream()).isTrue();
        assertThat(request.generate())
                .isEqualTo(GenerateRequest.newBuilder()
                        .setModel("emoji")
                        .setPrompt("red apple")
                        .setNegativePrompt("green")
                        .setWidth(64)
                        .setHeight(48)
                        .setSeed(7)
                        .setSteps(12)
                        .setGuidanceScale(2.5)
                        .setSampler("ddim")
                        .setSchedule("karras")
                        .setSpacing("trailing")
                        .setEta(0.5)
                        .setLatents(ByteString.copyFrom(new byte[4]))
                        .setN(2)
                        .setPreviewEvery(3)
                        .setGuidanceRescale(0.5)
                        .setFirstIndex(3)
                        .setStrength(0.25)
                        .setUpscale(1.5)
                        .setDifficulty(70)
                        .setOutputFormat("webp")
                        .setOutputCompression(100)
                        .setImage(ByteString.copyFrom(new byte[] {1, 2}))
                        .setMask(ByteString.copyFrom(new byte[] {3}))
                        .build());
    }

    @Test
    void sizeAutoIsTheModelsOwn() {
        GenerateRequest request =
                ImagesJson.request(Bodies.body("{'prompt':'x','size':'auto'}")).generate();
        assertThat(request.hasWidth()).isFalse();
    }

    @Test
    void readsAnSdeInTheSamplersPlace() {
        GenerateRequest request = ImagesJson.request(Bodies.body("""
                {'prompt':'x','sde':{'type':'ve','predictor':'ancestral','corrector':'langevin','snr':0.2,
                 'corrector_steps':2,'ode':true,'rtol':0.001,'atol':0.01}}""")).generate();
        assertThat(request.getSde())
                .isEqualTo(Sde.newBuilder()
                        .setType("ve")
                        .setPredictor("ancestral")
                        .setCorrector("langevin")
                        .setSnr(0.2)
                        .setCorrectorSteps(2)
                        .setOde(true)
                        .setRtol(0.001)
                        .setAtol(0.01)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'size':'big'|size: big (expected: \"auto\" or \"WIDTHxHEIGHT\")",
                "'sde':{}|sde.type: missing (expected: vp, ve, subvp)",
                "'sde':{'type':'vp','odd':1}|sde.odd: unknown field (nearest: ode)",
                "'response_format':'xml'|response_format: xml is not supported by this server (supported: b64_json, url)",
                "'stream':true,'response_format':'url'|response_format: url is not supported by this server (supported: b64_json)",
                "'image':'http://x'|image: a URL, and URLs are not fetched (expected: a data: URI of a picture in base64)",
                "'output_format':5|output_format: 5 (expected: string)",
                "'output_compression':'high'|output_compression: high (expected: integer, -2147483648..2147483647)",
                "'quality':'hd'|quality: hd is not supported by this server (supported: auto, standard)",
                "'sampler':''|sampler: empty (expected: a name, or absent for the default)",
                "'sde':{'type':'vp','corrector':''}|sde.corrector: empty (expected: a name, or absent for the default)",
                "'latents':''|latents: empty (expected: base64 of float32 values, or absent)",
                "'user':5|user: 5 (expected: string)",
                "'latents':'?'|latents: ? (expected: base64)",
                "'stepps':1|stepps: unknown field (nearest: steps)",
            })
    void refusesByName(String field, String message) {
        assertThatThrownBy(() -> ImagesJson.request(Bodies.body("{'prompt':'x'," + field + "}")))
                .hasMessage(message);
    }

    @Test
    void readsAnEditFromAForm() {
        ByteString picture = ByteString.copyFromUtf8("p");
        Map<String, String> fields = Map.of("prompt", "x", "strength", "0.5", "n", "2", "response_format", "url");
        ImagesRequest request = ImagesJson.edit(fields, List.of(picture), List.of());
        assertThat(request.asUrls()).isTrue();
        assertThat(request.generate())
                .isEqualTo(GenerateRequest.newBuilder()
                        .setPrompt("x")
                        .setStrength(0.5)
                        .setN(2)
                        .setImage(picture)
                        .build());
        assertThat(ImagesJson.edit(fields, List.of(picture), List.of(picture))
                        .generate()
                        .getMask())
                .isEqualTo(picture);
        assertThat(ImagesJson.variation(Map.of(), List.of(picture)).generate().getImage())
                .isEqualTo(picture);
        assertThat(ImagesJson.replay(Map.of(), List.of(picture))).isEqualTo(picture);
    }

    @Test
    void refusesAnEditWithoutItsPicture() {
        ByteString picture = ByteString.copyFromUtf8("p");
        Map<String, String> fields = Map.of("prompt", "x");
        assertThatThrownBy(() -> ImagesJson.edit(fields, List.of(), List.of()))
                .hasMessage("image: missing (expected: a file)");
        assertThatThrownBy(() -> ImagesJson.edit(fields, List.of(picture, picture), List.of()))
                .hasMessage("image: 2 files (expected: one)");
        assertThatThrownBy(() -> ImagesJson.edit(Map.of(), List.of(picture), List.of()))
                .hasMessage("prompt: missing (expected: string)");
        assertThatThrownBy(() -> ImagesJson.edit(Bodies.body("{'prompt':'x'}")))
                .hasMessage("image: missing (expected: a data: URI of a picture in base64)");
        assertThatThrownBy(() -> ImagesJson.replay(Map.of("seed", "1"), List.of(picture)))
                .hasMessageStartingWith("seed: unknown field");
    }

    @Test
    void answersWithLinksWhereTheyAreAskedFor() {
        assertThat(ImagesJson.answerWithUrls(List.of(image()), 5, image -> "http://x/" + image.getIndex())
                        .at("/data/0")
                        .toString())
                .isEqualTo("{\"url\":\"http://x/0\",\"seed\":7,\"index\":0}");
    }

    @Test
    void answersAsOpenAiDoesWithTheSeed() {
        assertThat(ImagesJson.answer(List.of(image()), 5).toString()).isEqualTo("""
                {"created":5,"model":"emoji","size":"64x64","output_format":"png",\
                "data":[{"b64_json":"AQI=","seed":7,"index":0}]}""");
    }

    @Test
    void tellsTheFormatOfEachFile() {
        GeneratedImage webp =
                image().toBuilder().setWebp(ByteString.copyFrom(new byte[] {3})).build();
        assertThat(ImagesJson.answer(List.of(webp), 5).toString())
                .contains("\"output_format\":\"webp\"", "\"b64_json\":\"Aw==\"");
        Preview preview = Preview.newBuilder()
                .setJpeg(ByteString.copyFrom(new byte[] {4}))
                .build();
        assertThat(ImagesJson.event(
                                GenerateResponse.newBuilder()
                                        .setPreview(preview)
                                        .build(),
                                5)
                        .orElseThrow()
                        .toString())
                .contains("\"output_format\":\"jpeg\"", "\"b64_json\":\"BA==\"");
    }

    @Test
    void streamsProgressPreviewsAndThePicture() {
        assertThat(ImagesJson.event(
                                GenerateResponse.newBuilder()
                                        .setProgress(
                                                Progress.newBuilder().setStep(2).setSteps(12))
                                        .build(),
                                5)
                        .orElseThrow()
                        .toString())
                .isEqualTo("{\"type\":\"image_generation.progress\",\"step\":2,\"steps\":12,\"index\":0}");
        assertThat(ImagesJson.event(
                                GenerateResponse.newBuilder()
                                        .setPreview(Preview.newBuilder()
                                                .setNumber(1)
                                                .setPng(ByteString.copyFrom(new byte[1])))
                                        .build(),
                                5)
                        .orElseThrow()
                        .at("/partial_image_index")
                        .asInt())
                .isEqualTo(1);
        var completed = ImagesJson.event(
                        GenerateResponse.newBuilder().setImage(image()).build(), 5)
                .orElseThrow();
        assertThat(completed.at("/type").asString()).isEqualTo("image_generation.completed");
        assertThat(completed.at("/seed").asLong()).isEqualTo(7);
        assertThat(ImagesJson.event(GenerateResponse.getDefaultInstance(), 5)).isEmpty();
    }

    private static GeneratedImage image() {
        return GeneratedImage.newBuilder()
                .setPng(ByteString.copyFrom(new byte[] {1, 2}))
                .setWidth(64)
                .setHeight(64)
                .setSeed(7)
                .setModel("emoji")
                .build();
    }
}
