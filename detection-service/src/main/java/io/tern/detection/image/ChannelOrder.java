package io.tern.detection.image;

/** Which colour a network sees first. */
public enum ChannelOrder {
    RGB,
    BGR;

    /** The place in red, green, blue of the network's channel. */
    int source(int channel) {
        return this == RGB ? channel : 2 - channel;
    }
}
