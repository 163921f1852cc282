using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// The numbers of a tensor in the memory of the processor, to be read and written in place. For a few thousand numbers a loop over them
/// takes less time than the calls of libtorch that do the same.
/// </summary>
internal static class HostMemory
{
    /// <summary>Whether each tensor is contiguous float32 on the processor.</summary>
    internal static bool Has(params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.device_type != DeviceType.CPU || tensor.dtype != torch.ScalarType.Float32 || !tensor.is_contiguous())
                return false;
        }

        return true;
    }

    /// <summary>The numbers of a tensor, row-major. They are valid while it lives; autograd does not see them change.</summary>
    /// <exception cref="ArgumentException">It is not contiguous float32 on the processor; see <see cref="Has"/>.</exception>
    internal static Span<float> Of(torch.Tensor tensor) => Has(tensor)
        ? MemoryMarshal.Cast<byte, float>(tensor.bytes)
        : throw new ArgumentException($"A tensor of {tensor.dtype} on {tensor.device} is not contiguous float32 on the processor.");
}
