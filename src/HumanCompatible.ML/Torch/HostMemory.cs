using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// The numbers of a tensor in the memory of the processor, to be read and written in place. For a few thousand numbers a loop over them
/// takes less time than the calls of
/// libtorch that do the same.
/// </summary>
internal static class HostMemory
{
    /// <summary>
    /// The numbers, where the tensor is contiguous float32 on the processor. They are valid while the tensor lives; autograd does not see
    /// them change.
    /// </summary>
    internal static bool TryGet(torch.Tensor tensor, out Span<float> numbers)
    {
        if (tensor.device_type != DeviceType.CPU || tensor.dtype != torch.ScalarType.Float32 || !tensor.is_contiguous())
        {
            numbers = [];
            return false;
        }

        numbers = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        return true;
    }
}
