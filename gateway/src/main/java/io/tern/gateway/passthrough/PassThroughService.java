package io.tern.gateway.passthrough;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * A service of another server, offered here under its own name: messages stay bytes. Its descriptor is the generated
 * one, so reflection shows it; a method that it has not is UNIMPLEMENTED here already.
 */
public final class PassThroughService implements BindableService {
    private final ServiceDescriptor service;
    private final String upstream;
    private final Channel channel;
    private final PassThroughCalls live;

    /** @param upstream who is behind the channel, as {@code detection} */
    public PassThroughService(ServiceDescriptor service, String upstream, Channel channel, PassThroughCalls live) {
        this.service = service;
        this.upstream = upstream;
        this.channel = channel;
        this.live = live;
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServiceDescriptor.Builder raw =
                ServiceDescriptor.newBuilder(service.getName()).setSchemaDescriptor(service.getSchemaDescriptor());
        List<MethodDescriptor<byte[], byte[]>> methods = new ArrayList<>();
        for (MethodDescriptor<?, ?> method : service.getMethods()) {
            MethodDescriptor<byte[], byte[]> bytes = method.toBuilder(BytesMarshaller.BYTES, BytesMarshaller.BYTES)
                    .build();
            raw.addMethod(bytes);
            methods.add(bytes);
        }
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(raw.build());
        methods.forEach(method -> definition.addMethod(
                method, (call, headers) -> PassThroughCall.start(call, headers, channel, upstream, live)));
        return definition.build();
    }
}
