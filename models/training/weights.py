"""The weights of models/emoji's U-Net, out of its ONNX graph into `nets.TextUnet` and back.

The graph's own arrangement, by which a row has the same bits in every batch, stays as it is: a network of the same shape that
was trained on is written as that graph with other numbers in it.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper


class Graph:
    def __init__(self, file):
        self.model = onnx.load(file)
        self.stored = {i.name: i for i in self.model.graph.initializer}
        # halves are widened in the graph: what a node reads is what a Cast makes of what is stored
        self.widened = {n.output[0]: n.input[0] for n in self.model.graph.node if n.op_type == "Cast" and n.input[0] in self.stored}
        self.places = dict(self._places())

    def _places(self):
        """-> (name in the network, (name in the graph, whether transposed))"""
        for node in self.model.graph.node:
            stored = next((s for s in (self.widened.get(i, i) for i in node.input) if s in self.stored), None)
            if stored is None or not node.output[0].startswith("/m/") and node.op_type != "Conv":
                continue
            module = node.output[0].split("/")[2:-1]
            # nn.Sequential numbers its parts: t.0, m.2
            path = ".".join(p for i, p in enumerate(module) if not (i + 1 < len(module) and module[i + 1].startswith(p + ".")))
            match node.op_type:
                case "MatMul":
                    yield f"{path}.weight", (stored, True)
                case "Mul":
                    yield f"{path}.weight", (stored, False)
                case "Add":
                    yield f"{path}.bias", (stored, False)
                case "Conv" | "LayerNormalization":
                    for role, name in zip(("weight", "bias"), node.input[1:]):
                        name = self.widened.get(name, name)
                        whole = name.removeprefix("m.").removesuffix("_h").removesuffix(f".{role}")
                        yield f"{whole}.{role}", (name, False)

    def read(self, network):
        """Puts the graph's weights into a network of its shape. -> the network"""
        state = {}
        for name, wanted in network.state_dict().items():
            stored, turned = self.places[name]
            value = torch.from_numpy(numpy_helper.to_array(self.stored[stored]).astype(np.float32))
            state[name] = (value.T if turned else value).reshape(wanted.shape).contiguous()
        network.load_state_dict(state)
        return network

    def write(self, network, file):
        """The graph with this network's weights, in the precision that each is stored in."""
        for name, value in network.state_dict().items():
            stored, turned = self.places[name]
            tensor = self.stored[stored]
            old = numpy_helper.to_array(tensor)
            value = value.detach().cpu().float().numpy()
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value.T if turned else value).reshape(old.shape).astype(old.dtype), stored))
        file.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(self.model, file)
