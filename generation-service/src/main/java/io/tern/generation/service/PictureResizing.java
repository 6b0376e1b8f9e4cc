package io.tern.generation.service;

import static io.tern.base.TernException.require;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.Limits;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.v1.ResizeRequest;
import io.tern.generation.v1.ResizeResponse;
import io.tern.imaging.Resampling;
import io.tern.imaging.ResamplingFilter;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Pictures in another size without a model. */
final class PictureResizing {
    private static final double MOST_FACTOR = 8;

    private PictureResizing() {}

    /** @throws TernException INVALID_ARGUMENT, CANCELLED, DEADLINE_EXCEEDED */
    static ResizeResponse answer(ResizeRequest request, Limits limits, Cancellation cancellation) {
        double factor = request.getFactor();
        require(0 < factor && factor <= MOST_FACTOR, "factor", factor, "more than 0, at most " + MOST_FACTOR);
        ResamplingFilter filter = filter(request.getFilter());
        RgbImage image = ImageDecoder.decode("image", request.getImage().toByteArray(), cancellation);
        PictureSize size = new PictureSize(side(image.width(), factor), side(image.height(), factor));
        limits.check(size);
        RgbImage resized = Resampling.resize(image, size.width(), size.height(), filter, cancellation);
        return ResizeResponse.newBuilder()
                .setPng(ByteString.copyFrom(PngEncoder.encode(resized)))
                .setWidth(size.width())
                .setHeight(size.height())
                .build();
    }

    private static int side(int pixels, double factor) {
        return (int) Math.max(1, Math.rint(pixels * factor));
    }

    private static ResamplingFilter filter(String name) {
        if (name.isEmpty()) {
            return ResamplingFilter.LANCZOS;
        }
        return Arrays.stream(ResamplingFilter.values())
                .filter(filter -> label(filter).equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "filter",
                        name,
                        Arrays.stream(ResamplingFilter.values())
                                .map(PictureResizing::label)
                                .collect(Collectors.joining(", "))));
    }

    private static String label(ResamplingFilter filter) {
        return filter.name().toLowerCase(Locale.ROOT);
    }
}
