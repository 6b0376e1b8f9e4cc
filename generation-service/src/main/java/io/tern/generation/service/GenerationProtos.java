package io.tern.generation.service;

import com.google.protobuf.ByteString;
import io.tern.base.Seeds;
import io.tern.base.TernException;
import io.tern.generation.GenerationEvent;
import io.tern.generation.GenerationEvent.PictureReady;
import io.tern.generation.GenerationEvent.PreviewReady;
import io.tern.generation.GenerationEvent.StepDone;
import io.tern.generation.GenerationRequest;
import io.tern.generation.LikelihoodQuestion;
import io.tern.generation.Mask;
import io.tern.generation.PictureEncoding;
import io.tern.generation.PreviewPlan;
import io.tern.generation.SourcePicture;
import io.tern.generation.StartNoise;
import io.tern.generation.continuous.ContinuousMethod;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.pipeline.UsualSettings;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.score.Guidance;
import io.tern.generation.sde.SdeType;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.LikelihoodRequest;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import io.tern.generation.v1.Sde;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.codec.OutputFormat;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Between the messages and the engine's own types; absent fields get their defaults here. */
final class GenerationProtos {
    private GenerationProtos() {}

    /**
     * @param usual how the model is drawn with where the message does not say
     * @throws TernException INVALID_ARGUMENT
     */
    static GenerationRequest request(GenerateRequest message, UsualSettings usual) {
        return new GenerationRequest(
                message.getPrompt(),
                message.getNegativePrompt(),
                message.getPromptWeighting().isEmpty()
                        ? PromptSyntax.PLAIN
                        : PromptSyntax.named(message.getPromptWeighting()),
                message.hasWidth() ? OptionalInt.of(message.getWidth()) : OptionalInt.empty(),
                message.hasHeight() ? OptionalInt.of(message.getHeight()) : OptionalInt.empty(),
                message.hasSeed() ? message.getSeed() : Seeds.draw(),
                message.hasSteps() ? message.getSteps() : usual.steps(),
                new Guidance(
                        message.hasGuidanceScale() ? message.getGuidanceScale() : usual.guidance(),
                        message.getGuidanceRescale()),
                message.hasDifficulty() ? OptionalDouble.of(message.getDifficulty()) : OptionalDouble.empty(),
                method(message, usual.method()),
                message.getFirstIndex(),
                message.hasN() ? message.getN() : 1,
                previews(message),
                startNoise(message),
                source(message));
    }

    private static @Nullable SourcePicture source(GenerateRequest message) {
        if (message.getImage().isEmpty()) {
            refuseWithoutImage("mask", !message.getMask().isEmpty());
            refuseWithoutImage("strength", message.hasStrength());
            refuseWithoutImage("upscale", message.hasUpscale());
            return null;
        }
        Mask mask = message.getMask().isEmpty()
                ? null
                : Mask.parse(message.getMask().toByteArray());
        return new SourcePicture(
                ImageDecoder.decode(message.getImage().toByteArray()),
                mask,
                message.hasStrength()
                        ? message.getStrength()
                        : SourcePicture.usualStrength(mask != null, message.hasUpscale()),
                message.hasUpscale() ? OptionalDouble.of(message.getUpscale()) : OptionalDouble.empty());
    }

    private static void refuseWithoutImage(String field, boolean present) {
        if (present) {
            throw TernException.invalid(field, "given", "none without image");
        }
    }

    private static SamplingMethod method(GenerateRequest message, SamplingMethod usual) {
        if (message.hasSde()) {
            return sde(message);
        }
        if (!message.getSampler().isEmpty()) {
            return grid(message, message.getSampler(), message.getSchedule());
        }
        if (usual instanceof GridMethod own) {
            // The makers' spread of σ goes only where the request has no say in it.
            SigmaSchedule spread =
                    message.getSchedule().isEmpty() && message.getSpacing().isEmpty() ? own.schedule() : null;
            return grid(message, own.sampler().name(), spread == null ? message.getSchedule() : spread.label());
        }
        refuseWithoutSampler(
                "schedule", message.getSchedule(), message.getSchedule().isEmpty());
        refuseWithoutSampler(
                "spacing", message.getSpacing(), message.getSpacing().isEmpty());
        refuseWithoutSampler("eta", message.getEta(), !message.hasEta());
        return usual;
    }

    private static void refuseWithoutSampler(String field, Object value, boolean absent) {
        TernException.require(absent, field, value, "absent without sampler, since this model's own way is an SDE");
    }

    private static SamplingMethod grid(GenerateRequest message, String sampler, String schedule) {
        TernException.require(!(message.hasEta() && Double.isNaN(message.getEta())), "eta", message.getEta(), "0..1");
        return GridMethod.of(sampler, schedule, message.getSpacing(), message.hasEta() ? message.getEta() : Double.NaN);
    }

    /** @throws TernException INVALID_ARGUMENT */
    static LikelihoodQuestion question(LikelihoodRequest message) {
        Tolerance usual = LikelihoodQuestion.DEFAULT_TOLERANCE;
        return new LikelihoodQuestion(
                ImageDecoder.decode(message.getImage().toByteArray()),
                message.getPrompt(),
                message.getSeed(),
                message.getSde().isEmpty() ? SdeType.VP : SdeType.named("sde", message.getSde()),
                new Tolerance(
                        message.hasRtol() ? message.getRtol() : usual.relative(),
                        message.hasAtol() ? message.getAtol() : usual.absolute()));
    }

    private static SamplingMethod sde(GenerateRequest message) {
        refuseWithSde("sampler", message.getSampler(), message.getSampler().isEmpty());
        refuseWithSde("schedule", message.getSchedule(), message.getSchedule().isEmpty());
        refuseWithSde("spacing", message.getSpacing(), message.getSpacing().isEmpty());
        refuseWithSde("eta", message.getEta(), !message.hasEta());
        Sde sde = message.getSde();
        TernException.require(!sde.hasSnr() || sde.getSnr() > 0, "sde.snr", sde.getSnr(), "more than 0, at most 1");
        TernException.require(!sde.hasRtol() || sde.getRtol() > 0, "sde.rtol", sde.getRtol(), "1e-8..1");
        TernException.require(!sde.hasAtol() || sde.getAtol() > 0, "sde.atol", sde.getAtol(), "1e-8..1");
        TernException.require(
                !sde.hasCorrectorSteps() || sde.getCorrectorSteps() > 0,
                "sde.corrector_steps",
                sde.getCorrectorSteps(),
                "1..10");
        return ContinuousMethod.of(
                sde.getType(),
                sde.getPredictor(),
                sde.getCorrector(),
                sde.hasSnr() ? sde.getSnr() : Double.NaN,
                sde.getCorrectorSteps(),
                sde.getOde(),
                sde.hasRtol() ? sde.getRtol() : Double.NaN,
                sde.hasAtol() ? sde.getAtol() : Double.NaN);
    }

    private static void refuseWithSde(String field, Object value, boolean absent) {
        TernException.require(absent, field, value, "absent together with sde, which takes the sampler's place");
    }

    private static PreviewPlan previews(GenerateRequest message) {
        if (message.getPreviewEvery() == 0) {
            return new PreviewPlan.Evenly(message.getPartialImages());
        }
        if (message.hasPartialImages()) {
            throw TernException.invalid(
                    "partial_images", message.getPartialImages(), "absent together with preview_every");
        }
        return new PreviewPlan.Every(message.getPreviewEvery());
    }

    private static @Nullable StartNoise startNoise(GenerateRequest message) {
        ByteString latents = message.getLatents();
        return latents.isEmpty() ? null : StartNoise.parse(latents.toByteArray());
    }

    /** @throws TernException INVALID_ARGUMENT */
    static PictureEncoding encoding(GenerateRequest message) {
        return new PictureEncoding(
                OutputFormat.named("output_format", message.getOutputFormat()),
                message.hasOutputCompression() ? message.getOutputCompression() : PictureEncoding.BEST);
    }

    static GenerateResponse response(GenerationEvent event, PictureEncoding encoding) {
        GenerateResponse.Builder response = GenerateResponse.newBuilder();
        return switch (event) {
            case StepDone step -> response.setProgress(progress(step)).build();
            case PreviewReady preview ->
                response.setPreview(preview(preview, encoding)).build();
            case PictureReady picture ->
                response.setImage(image(picture, encoding)).build();
        };
    }

    private static Progress progress(StepDone event) {
        return Progress.newBuilder()
                .setIndex(event.picture())
                .setStep(event.step())
                .setSteps(event.steps())
                .build();
    }

    private static Preview preview(PreviewReady event, PictureEncoding encoding) {
        Preview.Builder preview = Preview.newBuilder()
                .setIndex(event.picture())
                .setStep(event.step())
                .setNumber(event.number());
        ByteString file = ByteString.copyFrom(encoding.encode(event));
        return switch (encoding.format()) {
            case PNG -> preview.setPng(file).build();
            case JPEG -> preview.setJpeg(file).build();
            case WEBP -> preview.setWebp(file).build();
        };
    }

    private static GeneratedImage image(PictureReady event, PictureEncoding encoding) {
        GeneratedImage.Builder image = GeneratedImage.newBuilder()
                .setIndex(event.picture())
                .setWidth(event.image().width())
                .setHeight(event.image().height())
                .setSeed(event.recipe().request().seed())
                .setModel(event.recipe().modelId())
                .setParameters(event.parameters());
        ByteString file = ByteString.copyFrom(encoding.encode(event));
        return switch (encoding.format()) {
            case PNG -> image.setPng(file).build();
            case JPEG -> image.setJpeg(file).build();
            case WEBP -> image.setWebp(file).build();
        };
    }
}
