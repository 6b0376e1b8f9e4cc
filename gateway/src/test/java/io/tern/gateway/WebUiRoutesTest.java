package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.TestGateway.Answer;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A1111's API, with the bodies that Open WebUI sends. */
class WebUiRoutesTest {
    private final TestGateway gateway = TestGateway.shared();

    @Test
    void drawsFromText() {
        Answer answer = gateway.post(
                "/sdapi/v1/txt2img",
                "{'prompt':'apple','batch_size':1,'width':64,'height':64,'steps':3,'negative_prompt':'x','cfg_scale':5.5,'sampler_name':'ddim','seed':7}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/images/0").asString()).isEqualTo("cG5n");
        assertThat(answer.json().at("/parameters/prompt").asString()).isEqualTo("apple");
        JsonNode info = StrictJson.read(answer.json().at("/info").asString().getBytes(StandardCharsets.UTF_8));
        assertThat(info.at("/seed").asInt()).isEqualTo(7);
        assertThat(info.at("/cfg_scale").asDouble()).isEqualTo(5.5);
        assertThat(info.at("/all_seeds/0").asInt()).isEqualTo(7);
    }

    @Test
    void drawsFromAPicture() {
        Answer plain = gateway.post("/sdapi/v1/img2img", "{'prompt':'x','init_images':['YWJj'],'mask':'bQ=='}");
        assertThat(plain.json().at("/images/0").asString()).isEqualTo("YWJj");
        Answer uri = gateway.post(
                "/sdapi/v1/img2img",
                "{'prompt':'x','init_images':['data:image/png;base64,YWJj'],'denoising_strength':0.5}");
        assertThat(uri.json().at("/images/0").asString()).isEqualTo("YWJj");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "txt2img|{'prompt':'x','enable_hr':true}|enable_hr: true is not supported by this server (supported: false)",
                "txt2img|{'prompt':'x','styles':['y']}|styles: not supported by this server",
                "txt2img|{'prompt':'x','stepz':3}|stepz: unknown field (nearest: steps)",
                "txt2img|{'prompt':'x','steps':0}|steps: 0 (expected: 1..1000)",
                "txt2img|{'prompt':'x','sampler_name':'none'}|sampler_name: none (expected: ddim)",
                "txt2img|{'prompt':'x','s_churn':3}|s_churn: 3 is not supported by this server (supported: 0, 0.0)",
                "img2img|{'prompt':'x'}|init_images: 0 pictures (expected: one)",
                "img2img|{'prompt':'x','init_images':['?']}|init_images: not one (expected: a picture in base64)",
                "extra-single-image|{'upscaler_1':'Lanczos'}|image: ",
                "extra-single-image|{'image':'YWJj','resize_mode':1}|resize_mode: 1 is not supported by this server",
                "options|{'sd_model_checkpoint':'none'}|sd_model_checkpoint: none (expected: one of ",
            })
    void refusesByName(String route, String body, String message) {
        Answer answer = gateway.post("/sdapi/v1/" + route, body);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.json().at("/detail").asString()).startsWith(message);
    }

    /** All that the Python package webuiapi sends. */
    @Test
    void takesWhatOtherClientsSend() {
        Answer answer = gateway.post("/sdapi/v1/txt2img", """
                {'prompt':'apple','enable_hr':false,'hr_scale':2,'styles':[],'seed':-1,'subseed':-1,'subseed_strength':0,
                 'eta':1.0,'s_churn':0,'s_tmax':0,'s_tmin':0,'s_noise':1,'script_args':[],'script_name':null,
                 'override_settings':{},'send_images':true,'save_images':false,'alwayson_scripts':{}}""");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(gateway.get("/sdapi/v1/loras").text()).isEqualTo("[]");
    }

    @Test
    void tellsOfModelsAndSamplers() {
        String model = gateway.get("/sdapi/v1/sd-models").json().at("/0/title").asString();
        assertThat(model).isNotEmpty();
        assertThat(gateway.post("/sdapi/v1/options", "{'sd_model_checkpoint':'" + model + "'}")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.get("/sdapi/v1/options")
                        .json()
                        .at("/sd_model_checkpoint")
                        .asString())
                .isEqualTo(model);
        assertThat(gateway.get("/sdapi/v1/samplers").json().at("/0/name").asString())
                .isEqualTo("ddim");
        JsonNode schedulers = gateway.get("/sdapi/v1/schedulers").json();
        assertThat(schedulers.at("/0/name").asString()).isEqualTo("automatic");
        assertThat(schedulers.at("/1/label").asString()).isEqualTo("Karras");
    }

    @Test
    void enlargesByAFilterOrByAModel() {
        assertThat(upscaled("'upscaler_1':'Lanczos','upscaling_resize':3")).isEqualTo("lanczos 3.0 YWJj");
        assertThat(upscaled("'upscaling_resize':3")).isEqualTo(" 1.0 YWJj");
        Answer drawn = gateway.post(
                "/sdapi/v1/extra-single-image",
                "{'image':'YWJj','upscaler_1':'emoji','prompt':'x','gfpgan_visibility':0}");
        assertThat(drawn.json().at("/image").asString()).isEqualTo("YWJj");
        JsonNode upscalers = gateway.get("/sdapi/v1/upscalers").json();
        assertThat(upscalers.findValuesAsString("name"))
                .startsWith("None", "Lanczos", "Nearest")
                .hasSizeGreaterThan(3);
    }

    /** What the stand-in says that it was asked for. */
    private String upscaled(String fields) {
        Answer answer = gateway.post("/sdapi/v1/extra-single-image", "{'image':'YWJj'," + fields + "}");
        byte[] said = Base64.getDecoder().decode(answer.json().at("/image").asString());
        return new String(said, StandardCharsets.UTF_8);
    }

    @Test
    void tellsThatNothingRuns() {
        JsonNode progress =
                gateway.get("/sdapi/v1/progress?skip_current_image=false").json();
        assertThat(progress.at("/progress").asDouble()).isZero();
        assertThat(progress.at("/state/job_count").asInt()).isZero();
        assertThat(progress.get("current_image").isNull()).isTrue();
        assertThat(gateway.post("/sdapi/v1/interrupt", "{}").status()).isEqualTo(200);
    }

    @Test
    void readsWhatAPictureSays() {
        JsonNode info = gateway.post("/sdapi/v1/png-info", "{'image':'cG5n'}").json();
        assertThat(info.at("/info").asString()).isEqualTo("apple\nSteps: 3");
        assertThat(info.at("/items/parameters").asString()).startsWith("apple");
        assertThat(info.at("/parameters/seed").asInt()).isEqualTo(7);
    }
}
