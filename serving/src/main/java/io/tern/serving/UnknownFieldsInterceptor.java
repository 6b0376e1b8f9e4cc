package io.tern.serving;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.tern.base.TernException;
import java.util.List;
import java.util.Map;

/** A field that this server does not know is refused, not ignored: the caller would take silence for obedience. */
final class UnknownFieldsInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!call.getMethodDescriptor().getFullMethodName().startsWith("tern.")) {
            return next.startCall(call, headers);
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                try {
                    if (!refused) {
                        check((Message) message);
                        super.onMessage(message);
                    }
                } catch (TernException unknown) {
                    refused = true;
                    StatusRuntimeException status = StatusMapping.toStatus(unknown);
                    Metadata trailers = status.getTrailers();
                    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    static void check(Message message) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            int number = message.getUnknownFields().asMap().keySet().iterator().next();
            String name = message.getDescriptorForType().getName();
            throw TernException.invalid(
                    "field " + number + " of " + name,
                    "unknown",
                    "fields of this server's " + name + "; see reflection");
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                checkValue(field.getValue());
            }
        }
    }

    private static void checkValue(Object value) {
        if (value instanceof List<?> list) {
            list.forEach(UnknownFieldsInterceptor::checkValue);
        } else {
            check((Message) value);
        }
    }
}
