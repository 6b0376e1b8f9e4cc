package io.tern.generation.pictures;

import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.continuous.PredictorCorrectorSampler;
import io.tern.generation.corrector.AnnealedLangevin;
import io.tern.generation.corrector.Corrector;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.ode.ProbabilityFlow;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.predictor.EulerMaruyama;
import io.tern.generation.predictor.Predictor;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.GeometricSigmas;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.sde.Sde;
import io.tern.generation.sde.SdeModel;
import io.tern.generation.sde.SdeType;
import io.tern.tensor.FloatTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mixture of two Gaussians in four panels: its score at σ = 0.5, and the ways of the same twelve points of noise to data by
 * the reverse-time SDE, the probability-flow ODE and annealed Langevin dynamics.
 */
final class MixturePanels {
    private static final int PANEL = 320;
    /** The plane is shown from -REACH to REACH. */
    private static final double REACH = 6;

    private static final int POINTS = 12;
    private static final int STEPS = 120;
    private static final int[] COLOURS = {0xd1495b, 0x00798c, 0xedae49, 0x30638e, 0x6a994e, 0x9d4edd};
    private static final NoisePath NOISE = new GeometricSigmas(0.01, 3, 1000);
    private static final Sde SDE = SdeType.VE.over(NOISE);

    private final Canvas canvas = new Canvas(4 * PANEL + 12, PANEL);

    void save(Path file) throws IOException {
        for (int panel = 0; panel < 4; panel++) {
            density(panel);
        }
        try (Arena arena = Arena.ofConfined()) {
            field(arena);
            ways(1, walk(new EulerMaruyama(), (_, _) -> {}, arena));
            ways(2, flow(arena));
            ways(3, walk((_, _, _) -> {}, new AnnealedLangevin(0.2, 3), arena));
        }
        canvas.save(file);
    }

    /** Darker where the data are denser. */
    private void density(int panel) {
        for (int y = 0; y < PANEL; y++) {
            for (int x = 0; x < PANEL; x++) {
                double density = Math.exp(MixtureModel.logDensity(plane(x), -plane(y)));
                int grey = (int) (250 - 110 * Math.min(1, 1.2 * density));
                canvas.point(panel * (PANEL + 4) + x, y, grey << 16 | grey << 8 | grey);
            }
        }
    }

    /** Arrows along the score, as long as its logarithm. */
    private void field(Arena arena) {
        NoiseLevel level = NOISE.atSigma(0.5);
        for (int y = 8; y < PANEL; y += 16) {
            for (int x = 8; x < PANEL; x += 16) {
                FloatTensor point = Golden.tensor(arena, (float) plane(x), (float) -plane(y));
                FloatTensor noise = FloatTensor.allocate(arena, point.shape());
                new MixtureModel().predict(point, level).noise(noise);
                double length = Math.hypot(noise.get(0), noise.get(1)) / level.noise();
                double scale = 4 * Math.log1p(length) / (length * level.noise());
                double toX = x - scale * noise.get(0);
                double toY = y + scale * noise.get(1);
                canvas.line(x, y, toX, toY, 0x30638e);
                canvas.disc(toX, toY, 1, 0x30638e);
            }
        }
    }

    /** The points after each step. */
    private static List<float[]> walk(Predictor predictor, Corrector corrector, Arena arena) {
        List<float[]> seen = new ArrayList<>();
        Predictor told = (walk, from, to) -> {
            seen.add(walk.x().toArray());
            predictor.step(walk, from, to);
        };
        FloatTensor start = start(arena);
        SamplingRun run = new SamplingRun(grid(), new PhiloxNoise(4, 0), (_, _) -> {}, arena);
        seen.add(start.toArray());
        seen.add(new PredictorCorrectorSampler(SdeType.VE, told, corrector)
                .sample(new MixtureModel(), start, run)
                .toArray());
        return seen;
    }

    private static List<float[]> flow(Arena arena) {
        List<float[]> seen = new ArrayList<>();
        FloatTensor x = start(arena);
        SdeModel model = new SdeModel(new MixtureModel(), NOISE, SDE, x, arena);
        ProbabilityFlow flow = new ProbabilityFlow(model, new Tolerance(1e-5, 1e-5), arena);
        seen.add(x.toArray());
        for (int i = 0; i < STEPS; i++) {
            flow.move(x, time(i), time(i + 1), _ -> {});
            seen.add(x.toArray());
        }
        return seen;
    }

    private void ways(int panel, List<float[]> seen) {
        int left = panel * (PANEL + 4);
        for (int point = 0; point < POINTS; point++) {
            int colour = COLOURS[point % COLOURS.length];
            for (int i = 1; i < seen.size(); i++) {
                double fromX = pixel(seen.get(i - 1)[2 * point]);
                double toX = pixel(seen.get(i)[2 * point]);
                if (fromX >= 0 && fromX < PANEL && toX >= 0 && toX < PANEL) { // no panel draws into its neighbour
                    double fromY = pixel(-seen.get(i - 1)[2 * point + 1]);
                    canvas.line(left + fromX, fromY, left + toX, pixel(-seen.get(i)[2 * point + 1]), colour);
                }
            }
            float[] end = seen.getLast();
            canvas.disc(left + pixel(end[2 * point]), pixel(-end[2 * point + 1]), 3, colour);
        }
    }

    private static FloatTensor start(Arena arena) {
        FloatTensor start = Golden.tensor(arena, new float[2 * POINTS]);
        new PhiloxNoise(4, 0).fill(Noise.START, start);
        LinearCombination.scale(start, NOISE.most().noise(), start);
        return start;
    }

    private static TimeGrid grid() {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            levels.add(NOISE.atSigma(SDE.marginal(time(i)).sigma()));
        }
        return new TimeGrid(levels, NOISE);
    }

    private static double time(int step) {
        return 1 - (double) step / STEPS;
    }

    private static double plane(double pixel) {
        return (2 * pixel / PANEL - 1) * REACH;
    }

    private static double pixel(double plane) {
        return (plane / REACH + 1) * PANEL / 2;
    }
}
