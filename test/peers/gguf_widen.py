"""Writes a GGUF file anew with every tensor in 32-bit floats: gguf_widen.py quantised.gguf widened.gguf [half]

With `half`, matrices become 16-bit floats, as files of the type F16 have them.

llama.cpp multiplies quantised weights with activations that it rounds to 8 bits; with these it computes exactly.
"""

import sys

import gguf
import numpy

reader = gguf.GGUFReader(sys.argv[1])
writer = gguf.GGUFWriter(sys.argv[2], reader.fields["general.architecture"].contents())
for name, field in reader.fields.items():
    if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
        continue
    kind = field.types[0]
    inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(name, field.contents(), kind, sub_type=inner)
for tensor in reader.tensors:
    values = gguf.dequantize(tensor.data, tensor.tensor_type)
    is_half = "half" in sys.argv[3:] and len(values.shape) > 1
    writer.add_tensor(tensor.name, values.astype(numpy.float16) if is_half else values)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
