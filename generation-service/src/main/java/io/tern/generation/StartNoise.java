package io.tern.generation;

import io.tern.base.TernException;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Noise to start one picture from, as a caller gave it: standard-normal float32 values in the model's latent shape. */
public final class StartNoise {
    /** No standard-normal value in the lifetime of the universe; larger ones only overflow inside the network. */
    private static final float MAX_MAGNITUDE = 100;

    private final float[] values;

    private StartNoise(float[] values) {
        this.values = values;
    }

    /**
     * Little-endian float32.
     *
     * @throws TernException INVALID_ARGUMENT if they are not whole numbers of float32, or not finite and within ±100
     */
    public static StartNoise parse(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw TernException.invalid("latents", bytes.length + " bytes", "float32 values of 4 bytes");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (float value : values) {
            // written so that NaN fails too
            if (!(Math.abs(value) <= MAX_MAGNITUDE)) {
                throw TernException.invalid("latents", value, "finite values within -100..100");
            }
        }
        return new StartNoise(values);
    }

    /** @throws TernException INVALID_ARGUMENT if the model's latents are of another size */
    void requireShape(Shape latents) {
        if (values.length != latents.size()) {
            throw TernException.invalid(
                    "latents",
                    values.length * Float.BYTES + " bytes",
                    latents.size() * Float.BYTES + " bytes: float32 " + latents);
        }
    }

    void copyTo(FloatTensor tensor) {
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
    }

    /** The same bytes that it was read from, as text. */
    String toBase64() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
