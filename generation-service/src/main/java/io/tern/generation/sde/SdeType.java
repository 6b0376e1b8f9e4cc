package io.tern.generation.sde;

import io.tern.base.TernException;
import io.tern.generation.schedule.NoisePath;
import java.util.Arrays;

/** The three, with constants such that t = 1 is the noisiest level that a network knows. */
public enum SdeType {
    VP("vp") {
        @Override
        public Sde over(NoisePath path) {
            double most = path.most().sigma();
            return new VpSde(LinearBeta.reaching(Math.log1p(most * most), BETA_MIN));
        }
    },
    VE("ve") {
        @Override
        public Sde over(NoisePath path) {
            return new VeSde(path.least().sigma(), path.most().sigma());
        }
    },
    SUBVP("subvp") {
        @Override
        public Sde over(NoisePath path) {
            double half = path.most().sigma() / 2;
            return new SubVpSde(LinearBeta.reaching(2 * Math.log(half + Math.sqrt(half * half + 1)), BETA_MIN));
        }
    };

    /** Song et al. 2021, appendix C; with it and DDPM's noisiest level βmax is 20.1, where they have 20. */
    private static final double BETA_MIN = 0.1;

    private final String label;

    SdeType(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** @throws TernException INVALID_ARGUMENT with the names that there are */
    public static SdeType named(String field, String name) {
        return Arrays.stream(values())
                .filter(type -> type.label.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(field, name, "vp, ve, subvp"));
    }

    public abstract Sde over(NoisePath path);
}
