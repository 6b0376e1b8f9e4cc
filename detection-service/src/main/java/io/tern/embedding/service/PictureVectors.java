package io.tern.embedding.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.box.Box;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.ImageEncoder;
import io.tern.embedding.PicturePart;
import io.tern.embedding.v1.Picture;
import io.tern.embedding.v1.Region;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.serving.CallPriority;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The vectors of pictures and of parts of them. Each picture is decoded once, on a worker, and one at a time. */
record PictureVectors(OnnxNetworks networks, ImageEncoder encoder) {
    private static final int MOST_PICTURES = 64;
    private static final int MOST_BOXES = 100;

    /**
     * @param index of the picture in the request
     * @param box of the box in the picture; null for the whole picture
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(int index, @Nullable Integer box, float[] vector) {}

    /**
     * What can be said without looking at the pictures.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT
     */
    static void check(String field, List<Picture> pictures) {
        int count = pictures.size();
        TernException.require(1 <= count && count <= MOST_PICTURES, field, count + " pictures", "1.." + MOST_PICTURES);
        for (int i = 0; i < count; i++) {
            List<Region> boxes = pictures.get(i).getBoxesList();
            String name = field + "[" + i + "].boxes";
            TernException.require(boxes.size() <= MOST_BOXES, name, boxes.size() + " boxes", "at most " + MOST_BOXES);
            boxes.forEach(box -> box(name, box));
        }
    }

    /** @throws TernException INVALID_ARGUMENT if it has no area, or no end */
    static Box box(String field, Region region) {
        float width = region.getX2() - region.getX1();
        float height = region.getY2() - region.getY1();
        // Written so that NaN fails too.
        boolean right = width > 0 && height > 0 && Float.isFinite(width) && Float.isFinite(height);
        TernException.require(
                right,
                field,
                region.getX1() + ", " + region.getY1() + ", " + region.getX2() + ", " + region.getY2(),
                "x1 < x2 and y1 < y2, all finite");
        return new Box(region.getX1(), region.getY1(), region.getX2(), region.getY2());
    }

    /**
     * What an encoder is to see: the picture, or its parts if there are any, each cut out when it is asked for. Keeps a
     * processor busy.
     *
     * @param field of the picture, for messages
     * @param boxesField of the boxes within it
     * @throws TernException INVALID_ARGUMENT for what is no picture, or a box outside of it
     */
    static List<Supplier<RgbImage>> views(
            String field, ByteString file, List<Region> boxes, String boxesField, Cancellation cancellation) {
        RgbImage picture = ImageDecoder.decode(field + ".image", file.toByteArray(), cancellation);
        return boxes.isEmpty()
                ? List.of(() -> picture)
                : boxes.stream()
                        .map(region -> part(picture, field + "." + boxesField, region))
                        .toList();
    }

    private static Supplier<RgbImage> part(RgbImage picture, String field, Region region) {
        Box box = box(field, region);
        TernException.require(
                box.clip(picture.width(), picture.height()).area() > 0,
                field,
                box,
                "inside " + picture.width() + " x " + picture.height() + " pixels");
        return () -> PicturePart.around(picture, box);
    }

    /** In the order of the request. Call it after {@link #check}. */
    List<Part> parts(String field, List<Picture> pictures, Cancellation cancellation) {
        List<Part> parts = new ArrayList<>();
        Priority priority = CallPriority.current();
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            String name = field + "[" + i + "]";
            List<float[]> vectors = networks.onWorker(
                    () -> encoder.encodeEach(
                            views(name, picture.getImage(), picture.getBoxesList(), "boxes", cancellation),
                            cancellation),
                    priority,
                    cancellation);
            for (int box = 0; box < vectors.size(); box++) {
                parts.add(new Part(i, picture.getBoxesCount() == 0 ? null : (Integer) box, vectors.get(box)));
            }
        }
        return parts;
    }

    /**
     * Of whole pictures, whose files stand in a field of their own.
     *
     * @throws TernException INVALID_ARGUMENT for what is no picture
     */
    List<float[]> whole(String field, List<ByteString> files, Cancellation cancellation) {
        List<float[]> vectors = new ArrayList<>(files.size());
        for (int i = 0; i < files.size(); i++) {
            ByteString file = files.get(i);
            String name = field + "[" + i + "]";
            vectors.addAll(networks.onWorker(
                    () -> encoder.encode(
                            List.of(ImageDecoder.decode(name, file.toByteArray(), cancellation)), cancellation),
                    CallPriority.current(),
                    cancellation));
        }
        return vectors;
    }
}
