package io.tern.decoding.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.tern.base.Sha256;

/** Who calls, as far as texts of one caller may share work: the hash of the call's key. Calls without one are one caller. */
final class Tenant {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String NOBODY = "";
    private static final Context.Key<String> CURRENT = Context.keyWithDefault("tenant", NOBODY);

    private Tenant() {}

    /** Of the call that this thread serves. */
    static String current() {
        return CURRENT.get();
    }

    static String of(Metadata headers) {
        String key = headers.get(AUTHORIZATION);
        return key == null ? NOBODY : Sha256.of(key);
    }

    static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return Contexts.interceptCall(Context.current().withValue(CURRENT, of(headers)), call, headers, next);
        }
    }
}
