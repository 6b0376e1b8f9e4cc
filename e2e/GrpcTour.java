import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.DetectionServiceGrpc;
import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A native client of the gateway's gRPC port: lists the services by reflection, detects, and is refused with details.
 * Run as source, with the gateway's jar for a class path: {@code java -cp gateway.jar GrpcTour.java HOST:PORT PICTURE}.
 */
final class GrpcTour {
    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        try {
            services(channel).getListServicesResponse().getServiceList().forEach(service ->
                    System.out.println("service " + service.getName()));
            ByteString picture = ByteString.copyFrom(Files.readAllBytes(Path.of(arguments[1])));
            System.out.println("detected " + detect(channel, picture).toString().replace('\n', ' '));
            try {
                var _ = detect(channel, ByteString.copyFromUtf8("no picture"));
            } catch (StatusRuntimeException e) {
                com.google.rpc.Status details = StatusProto.fromThrowable(e);
                System.out.println("refused " + e.getStatus().getCode() + " with "
                        + (details == null ? 0 : details.getDetailsCount()) + " details");
            }
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static DetectResponse detect(ManagedChannel channel, ByteString picture) {
        return DetectionServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .detect(DetectRequest.newBuilder().setImage(picture).build());
    }

    private static ServerReflectionResponse services(ManagedChannel channel) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> question = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        question.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        ServerReflectionResponse services = answer.get(60, TimeUnit.SECONDS);
        question.onCompleted();
        return services;
    }
}
