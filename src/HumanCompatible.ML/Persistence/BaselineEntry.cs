namespace HumanCompatible.ML.Persistence;

/// <summary>Baseline.safetensors: <c>inputs</c>, the average of the encoded training rows, as 32-bit floats <c>[inputs]</c>.</summary>
internal static class BaselineEntry
{
    internal const string Name = "Baseline.safetensors";

    private const string Inputs = "inputs";

    internal static byte[] Write(float[] baseline) => SafetensorsWriter.ToBytes([SafetensorsTensor.From<float>(Inputs, baseline)]);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="inputCount">The inputs of the network.</param>
    /// <exception cref="InvalidDataException">The tensor is missing, of another type or shape, or holds what is not finite.</exception>
    internal static float[] Read(byte[] bytes, int inputCount)
    {
        var tensors = new TensorReader(bytes);
        var baseline = tensors.Vector<float>(Inputs, inputCount);
        tensors.Finish();
        return TensorReader.Finite(Inputs, baseline);
    }
}
