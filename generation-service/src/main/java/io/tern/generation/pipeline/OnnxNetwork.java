package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.score.Network;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** The U-Net under one condition, bound for one request: a row of samples for each row of text. */
final class OnnxNetwork implements Network, AutoCloseable {
    private final BoundGraph graph;
    private final FloatTensor sample;
    private final FloatTensor timesteps;
    private final FloatTensor texts;
    private final FloatTensor output;
    private final Cancellation cancellation;

    /**
     * @param text [rows, tokens, width]
     * @param latentRow shape of one sample without the batch
     */
    OnnxNetwork(
            Inference inference,
            Session unet,
            FloatTensor text,
            long[] latentRow,
            Arena arena,
            Cancellation cancellation) {
        long rows = text.shape().dimension(0);
        Shape samples = GraphFile.batchOf(rows, latentRow);
        this.cancellation = cancellation;
        graph = new BoundGraph(inference, unet, arena);
        sample = graph.floatInput("sample", samples);
        timesteps = graph.floatInput("timestep", Shape.of(rows));
        texts = graph.floatInput("encoder_hidden_states", text.shape()).copyFrom(text);
        output = graph.floatOutput("out_sample", samples);
    }

    @Override
    public FloatTensor predict(FloatTensor x, double timestep) {
        sample.copyFrom(x);
        for (long row = 0; row < timesteps.size(); row++) {
            timesteps.set(row, (float) timestep);
        }
        return run(cancellation);
    }

    /** One row of a batch whose rows have little in common. */
    void put(long row, FloatTensor x, double timestep, FloatTensor text) {
        sample.row(row).copyFrom(x);
        timesteps.set(row, (float) timestep);
        texts.row(row).copyFrom(text);
    }

    /** Runs the rows as they are now. */
    FloatTensor run(Cancellation call) {
        graph.run(call);
        return output;
    }

    @Override
    public void close() {
        graph.close();
    }
}
