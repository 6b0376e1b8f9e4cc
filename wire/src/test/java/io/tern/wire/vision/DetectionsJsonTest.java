package io.tern.wire.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.v1.Box;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.Detection;
import io.tern.detection.v1.FrameTopics;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.StreamSettings;
import io.tern.detection.v1.Timings;
import io.tern.wire.Bodies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DetectionsJsonTest {
    private static final ByteString ONE = ByteString.copyFrom(new byte[] {1});

    @Test
    void readsJsonWithDataUris() {
        DetectRequest request = DetectionsJson.request(Bodies.body("""
                {'model':'m','image':'data:image/png;base64,AQ==','threshold':0.3,'iou':0.5,'classes':['cat','dog'],
                 'max_detections':5,'max_per_class':2,'nms':'agnostic','annotate':true}"""));
        assertThat(request)
                .isEqualTo(DetectRequest.newBuilder()
                        .setModel("m")
                        .setImage(ONE)
                        .setThreshold(0.3f)
                        .setIou(0.5f)
                        .addClasses("cat")
                        .addClasses("dog")
                        .setMaxDetections(5)
                        .setMaxPerClass(2)
                        .setNms("agnostic")
                        .setAnnotate(true)
                        .build());
    }

    @Test
    void readsAFolderInPlaceOfPictures() {
        assertThat(DetectionsJson.request(Bodies.body("{'folder':'street','picture_format':'jpeg'}")))
                .isEqualTo(DetectRequest.newBuilder()
                        .setFolder("street")
                        .setPictureFormat("jpeg")
                        .build());
    }

    @Test
    void tellsFilesAndWhatIsWrongWithThem() {
        DetectResponse response = DetectResponse.newBuilder()
                .addResults(PictureDetections.newBuilder()
                        .setFile("a.png")
                        .setWidth(3)
                        .setHeight(2))
                .addResults(PictureDetections.newBuilder()
                        .setFile("b.png")
                        .setError("no picture")
                        .setErrorCode("invalid_argument"))
                .build();
        assertThat(DetectionsJson.answer(response).get("data").toString()).isEqualTo("""
                        [{"file":"a.png","width":3,"height":2,"detections":[]},{"file":"b.png","error":"no picture",\
                        "error_code":"invalid_argument"}]\
                        """.strip());
    }

    @Test
    void readsTopicsInPlaceOfPictures() {
        assertThat(DetectionsJson.request(Bodies.body("{'frames':{'in':'tern.frames.a','out':'tern.frames.b'}}"))
                        .getFrames())
                .isEqualTo(FrameTopics.newBuilder()
                        .setIn("tern.frames.a")
                        .setOut("tern.frames.b")
                        .build());
        for (String wrong :
                List.of("'tern.frames.a'", "{'in':'a'}", "{'in':'a','out':1}", "{'in':'a','out':'b','to':'c'}")) {
            assertThatThrownBy(() -> DetectionsJson.request(Bodies.body("{'frames':" + wrong + "}")))
                    .hasMessageContaining("frames");
        }
    }

    @Test
    void readsHowAFilmIsTracked() {
        assertThat(DetectionsJson.request(Bodies.body("""
                        {'frames':{'in':'tern.frames.a','out':'tern.frames.b'},
                         'stream':{'low_threshold':0.25,'lost_frames':5,'drop_oldest':true}}""")).getStream())
                .isEqualTo(StreamSettings.newBuilder()
                        .setLowThreshold(0.25f)
                        .setLostFrames(5)
                        .setDropOldest(true)
                        .build());
        assertThat(DetectionsJson.request(Bodies.body("{'folder':'street','stream':{}}"))
                        .hasStream())
                .isTrue();
        for (String wrong : List.of("7", "[]", "{'lost_frames':'x'}", "{'lost':5}")) {
            assertThatThrownBy(() -> DetectionsJson.request(Bodies.body("{'folder':'street','stream':" + wrong + "}")))
                    .hasMessageStartingWith("stream");
        }
    }

    @Test
    void tellsTracksAndWhatLiesBesideThePicturesOfAFolder() {
        DetectResponse response = DetectResponse.newBuilder()
                .addResults(PictureDetections.newBuilder()
                        .setFile("a.png")
                        .addDetections(Detection.newBuilder().setTrackId(7)))
                .build();
        ObjectNode answer = DetectionsJson.folder(response, 30, List.of("notes.txt", "scan.tif"));
        assertThat(answer.at("/data/0/detections/0/track_id").longValue()).isEqualTo(7);
        assertThat(answer.get("skipped").toString()).isEqualTo("{\"count\":30,\"files\":[\"notes.txt\",\"scan.tif\"]}");
        assertThat(DetectionsJson.folder(response, 0, List.of()).has("skipped")).isFalse();
    }

    /** Nothing is fetched, however it is written; data of no picture is refused likewise. */
    @Test
    void brokenJsonInAFormIsToldByItsField() {
        List<ByteString> pictures = List.of(ByteString.copyFromUtf8("p"));
        assertThatThrownBy(() -> DetectionsJson.request(Map.of("zones", "x"), pictures))
                .isInstanceOfSatisfying(
                        TernException.class,
                        refused -> assertThat(refused.field()).isEqualTo("zones"))
                .hasMessage("zones: broken JSON at line 1, column 1 (expected: one JSON value in UTF-8)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/a.png",
                "https://127.0.0.1:8080/a.png",
                "HTTP://[::1]/a.png",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest",
                "http://2130706433/",
                "http://0/",
                "http:\\\\127.0.0.1\\\\a",
                "https://example.com@127.0.0.1/",
                "//127.0.0.1/a.png",
                "file:///etc/passwd",
                "ftp://127.0.0.1/a.png",
                "gopher://127.0.0.1:6379/_x",
                "jar:file:///a!/b",
                "/etc/passwd",
                " data:image/png;base64,AQ=="
            })
    void addressesAreNeverFetched(String address) {
        for (String body : List.of(
                "{'image':'" + address + "'}",
                "{'images':['" + address + "']}",
                "{'image':'data:image/png;base64,AQ==','examples':[{'name':'a','image':'" + address + "'}]}")) {
            assertThatThrownBy(() -> DetectionsJson.request(Bodies.body(body)))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining("(expected: a data: URI of a picture in base64)")
                    .hasMessageNotContaining("127.0.0.1");
        }
    }

    /** What is too large for a float is told to whoever checks it, and no failure of ours. */
    @Test
    void numbersBeyondAFloatAreEndless() {
        DetectRequest request = DetectionsJson.request(Bodies.body("""
                {'image':'data:image/png;base64,AQ==','zones':[{'name':'a','points':[[1e39,-1e400],[1,2],[3,4]]}],
                 'examples':[{'name':'b','image':'data:image/png;base64,AQ==','box':[0,0,1e400,1]}]}"""));
        assertThat(request.getZones(0).getPoints(0).getX()).isInfinite();
        assertThat(request.getZones(0).getPoints(0).getY()).isInfinite();
        assertThat(request.getExamples(0).getBox().getX2()).isInfinite();
    }

    @Test
    void readsSeveralPictures() {
        assertThat(DetectionsJson.request(
                                Bodies.body("{'images':['data:image/png;base64,AQ==','data:image/gif;base64,AQ==']}"))
                        .getImagesList())
                .containsExactly(ONE, ONE);
        assertThat(DetectionsJson.request(Map.of(), List.of(ONE, ONE)).getImagesList())
                .containsExactly(ONE, ONE);
    }

    @Test
    void readsAForm() {
        DetectRequest request = DetectionsJson.request(
                Map.of("threshold", "0.25", "classes", "cat, dog", "annotate", "true"), List.of(ONE));
        assertThat(request.getImage()).isEqualTo(ONE);
        assertThat(request.getThreshold()).isEqualTo(0.25f);
        assertThat(request.getClassesList()).containsExactly("cat", "dog");
        assertThat(request.getAnnotate()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'image':'https://127.0.0.1/x.png'}",
                "{'image':'data:text/html;base64,AQ=='}",
                "{'image':'data:image/png;base64,%%%'}",
                "{'image':'AQ=='}",
                "{'image':7}",
                "{'images':['x']}",
                "{'images':'data:image/png;base64,AQ=='}",
                "{}",
            })
    void refusesWhatIsNoPicture(String body) {
        assertThatThrownBy(() -> DetectionsJson.request(Bodies.body(body))).hasMessageContaining("data: URI");
    }

    @Test
    void readsTilesAndZones() {
        DetectRequest json = DetectionsJson.request(Bodies.body("""
                {'image':'data:image/png;base64,AQ==','tiles':640,'tile_overlap':0.25,'tile_merge':'nms','crops':true,
                 'zones':[{'name':'door','points':[[0,0],[10,0],[5,7.5]]}]}"""));
        assertThat(json.getTiles()).isEqualTo("640");
        assertThat(json.getTileOverlap()).isEqualTo(0.25);
        assertThat(json.getTileMerge()).isEqualTo("nms");
        assertThat(json.getCrops()).isTrue();
        assertThat(json.getZones(0).getName()).isEqualTo("door");
        assertThat(json.getZones(0).getPoints(2).getY()).isEqualTo(7.5f);
        DetectRequest form = DetectionsJson.request(
                Map.of("tiles", "2x2", "zones", "[{\"name\":\"door\",\"points\":[[0,0],[10,0],[5,7.5]]}]"),
                List.of(ONE));
        assertThat(form.getTiles()).isEqualTo("2x2");
        assertThat(form.getZonesList()).isEqualTo(json.getZonesList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'door'",
                "{'name':'door'}",
                "[1]",
                "[{'points':[]}]",
                "[{'name':'a'}]",
                "[{'name':'a','points':1}]",
                "[{'name':'a','points':[1,2]}]",
                "[{'name':'a','points':[[1,2,3]]}]",
                "[{'name':'a','points':[['x',2]]}]",
                "[{'name':'a','points':[],'colour':1}]",
            })
    void refusesWhatIsNoZone(String zones) {
        String body = "{'image':'data:image/png;base64,AQ==','zones':" + zones + "}";
        assertThatThrownBy(() -> DetectionsJson.request(Bodies.body(body))).isInstanceOf(TernException.class);
    }

    @Test
    void refusesByName() {
        assertThatThrownBy(() -> DetectionsJson.request(Map.of("suppression", "soft"), List.of(ONE)))
                .hasMessageContaining("suppression");
        assertThatThrownBy(() -> DetectionsJson.request(Bodies.body("{'image':'https://127.0.0.1/x.png'}")))
                .hasMessage("image: a URL, and URLs are not fetched (expected: a data: URI of a picture in base64)");
        assertThatThrownBy(() -> DetectionsJson.request(Map.of("treshold", "1"), List.of(ONE)))
                .hasMessage("treshold: unknown field (nearest: threshold)");
        assertThatThrownBy(() -> DetectionsJson.request(Map.of(), List.of()))
                .hasMessage("image: missing (expected: a file)");
    }

    @Test
    void answersWithBoxesInPixels() {
        DetectResponse response = DetectResponse.newBuilder()
                .setModel("m")
                .addResults(PictureDetections.newBuilder()
                        .setWidth(10)
                        .setHeight(20)
                        .addDetections(Detection.newBuilder()
                                .setClassName("cat")
                                .setClassId(15)
                                .setScore(0.8f)
                                .setBox(Box.newBuilder()
                                        .setX1(1)
                                        .setY1(2.5f)
                                        .setX2(3)
                                        .setY2(4)))
                        .setAnnotated(ONE))
                .setTimings(Timings.newBuilder().setTotalMs(7))
                .build();
        assertThat(DetectionsJson.answer(response).toString()).isEqualTo("""
                {"model":"m","data":[{"width":10,"height":20,"detections":[{"class":"cat","class_id":15,"score":0.8,\
                "box":[1.0,2.5,3.0,4.0]}],"annotated":"AQ=="}],"timings":{"decode_ms":0.0,"queue_ms":0.0,\
                "inference_ms":0.0,"postprocess_ms":0.0,"total_ms":7.0}}""");
    }
}
