package io.tern.detection.family;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.network.NetworkSignature;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the family of a model by what it takes and gives. */
public final class DetectorFamilies {
    private static final List<Function<NetworkSignature, Optional<? extends DetectorFamily>>> KNOWN =
            List.of(NanoDet::recognise);

    private DetectorFamilies() {}

    /** @throws TernException INVALID_ARGUMENT with the model's inputs and outputs if it is of no family */
    public static DetectorFamily recognise(NetworkSignature signature) {
        for (var family : KNOWN) {
            Optional<? extends DetectorFamily> recognised = family.apply(signature);
            if (recognised.isPresent()) {
                return recognised.get();
            }
        }
        throw new TernException(
                ErrorCode.INVALID_ARGUMENT,
                "model: " + signature.describe() + " (expected: " + NanoDet.EXPECTED + ")",
                "model",
                null);
    }
}
