package io.tern.inference.service;

import io.tern.inference.v2.DataType;
import io.tern.inference.v2.ModelConfig;
import io.tern.inference.v2.ModelInput;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelOutput;

/** A model's metadata in Triton's form of a configuration. */
final class ModelConfigs {
    private ModelConfigs() {}

    static ModelConfig of(ModelMetadataResponse metadata) {
        ModelConfig.Builder config = ModelConfig.newBuilder()
                .setName(metadata.getName())
                .setPlatform(metadata.getPlatform())
                .setBackend("onnxruntime");
        metadata.getInputsList()
                .forEach(input -> config.addInput(ModelInput.newBuilder()
                        .setName(input.getName())
                        .setDataType(type(input.getDatatype()))
                        .addAllDims(input.getShapeList())));
        metadata.getOutputsList()
                .forEach(output -> config.addOutput(ModelOutput.newBuilder()
                        .setName(output.getName())
                        .setDataType(type(output.getDatatype()))
                        .addAllDims(output.getShapeList())));
        return config.build();
    }

    private static DataType type(String datatype) {
        return datatype.equals("BYTES") ? DataType.TYPE_STRING : DataType.valueOf("TYPE_" + datatype);
    }
}
