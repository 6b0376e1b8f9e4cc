package io.tern.gateway;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc.GenerationServiceImplBase;
import io.tern.generation.v1.ListSamplersRequest;
import io.tern.generation.v1.ListSamplersResponse;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import io.tern.generation.v1.ReadRecipeRequest;
import io.tern.generation.v1.ReadRecipeResponse;
import io.tern.generation.v1.ReplayRequest;
import io.tern.generation.v1.ResizeRequest;
import io.tern.generation.v1.ResizeResponse;
import io.tern.serving.StatusMapping;
import java.util.Base64;

/** Draws three bytes, or the picture it is to start from, in three steps, with a preview after the second; refuses steps below 1, fails late at 13. */
final class FakeGeneration extends GenerationServiceImplBase {
    final Marks marks = new Marks();

    /** Draws the picture that it is given. */
    @Override
    public void replay(ReplayRequest request, StreamObserver<GenerateResponse> observer) {
        observer.onNext(GenerateResponse.newBuilder()
                .setImage(GeneratedImage.newBuilder().setPng(request.getImage()))
                .build());
        observer.onCompleted();
    }

    /** Two texts as they would lie in the picture. */
    @Override
    public void readRecipe(ReadRecipeRequest request, StreamObserver<ReadRecipeResponse> observer) {
        observer.onNext(ReadRecipeResponse.newBuilder()
                .setParameters("apple\nSteps: 3")
                .setRecipe("{\"seed\":7}")
                .build());
        observer.onCompleted();
    }

    /** Says what it was asked for in place of a picture. */
    @Override
    public void resize(ResizeRequest request, StreamObserver<ResizeResponse> observer) {
        String said = request.getFilter() + " " + request.getFactor() + " "
                + Base64.getEncoder().encodeToString(request.getImage().toByteArray());
        observer.onNext(ResizeResponse.newBuilder()
                .setPng(ByteString.copyFromUtf8(said))
                .build());
        observer.onCompleted();
    }

    @Override
    public void listSamplers(ListSamplersRequest request, StreamObserver<ListSamplersResponse> observer) {
        observer.onNext(ListSamplersResponse.newBuilder()
                .addSamplers("ddim")
                .addSchedules("karras")
                .build());
        observer.onCompleted();
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
        ((ServerCallStreamObserver<GenerateResponse>) observer)
                .setOnCancelHandler(() -> marks.happened("cancelled " + request.getPrompt()));
        if (request.hasSteps() && request.getSteps() < 1) {
            observer.onError(StatusMapping.toStatus(TernException.invalid("steps", request.getSteps(), "1..1000")));
            return;
        }
        if (request.getWidth() > 64) {
            observer.onError(StatusMapping.toStatus(TernException.invalid("width", request.getWidth(), "64")));
            return;
        }
        if (request.getSampler().equals("none")) {
            observer.onError(StatusMapping.toStatus(TernException.invalid("sampler", "none", "ddim")));
            return;
        }
        for (int step = 1; step <= 3; step++) {
            observer.onNext(GenerateResponse.newBuilder()
                    .setProgress(Progress.newBuilder().setStep(step).setSteps(3))
                    .build());
            if (step == 2) {
                observer.onNext(GenerateResponse.newBuilder()
                        .setPreview(Preview.newBuilder().setStep(2).setPng(ByteString.copyFromUtf8("pre")))
                        .build());
            }
        }
        if (request.getSteps() == 13) {
            observer.onError(StatusMapping.toStatus(new TernException(ErrorCode.INTERNAL_ERROR, "bad luck")));
            return;
        }
        observer.onNext(GenerateResponse.newBuilder()
                .setImage(GeneratedImage.newBuilder()
                        .setPng(request.getImage().isEmpty() ? ByteString.copyFromUtf8("png") : request.getImage())
                        .setWidth(64)
                        .setHeight(64)
                        .setSeed(request.getSeed())
                        .setModel("emoji"))
                .build());
        observer.onCompleted();
    }
}
