using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Torch;

/// <summary>Moves numbers between managed memory and tensors with one copy each way.</summary>
internal static class TensorValues
{
    /// <summary>A new tensor [values.Length] of the given type on the given device.</summary>
    public static Tensor Create(ReadOnlySpan<double> values, ScalarType dtype, Device? device)
    {
        var tensor = torch.empty(values.Length, dtype, CPU);
        Write(values, tensor);
        return Move(tensor, device);
    }

    /// <summary>A new tensor [values.Length] of the type and on the device of <paramref name="like"/>.</summary>
    public static Tensor CreateLike(ReadOnlySpan<double> values, Tensor like)
    {
        var tensor = torch.empty(values.Length, like.dtype, CPU);
        Write(values, tensor);
        return like.device_type == DeviceType.CPU ? tensor : Move(tensor, like.device);
    }

    /// <summary>Copies a Float32 or Float64 tensor of any device into <paramref name="values"/>.</summary>
    public static void Read(Tensor tensor, Span<double> values)
    {
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            ReadContiguous(tensor, values);
            return;
        }

        using var detached = tensor.detach();
        using var local = detached.cpu();
        using var contiguous = local.contiguous();
        ReadContiguous(contiguous, values);
    }

    /// <summary>Copies two tensors of one type and device with one transfer.</summary>
    public static void ReadTogether(Tensor first, Span<double> firstValues, Tensor second, Span<double> secondValues)
    {
        using var detachedFirst = first.detach();
        using var detachedSecond = second.detach();
        using var flatFirst = detachedFirst.reshape(-1);
        using var flatSecond = detachedSecond.reshape(-1);
        using var both = torch.cat([flatFirst, flatSecond]);
        var values = new double[firstValues.Length + secondValues.Length];
        Read(both, values);
        values.AsSpan(0, firstValues.Length).CopyTo(firstValues);
        values.AsSpan(firstValues.Length).CopyTo(secondValues);
    }

    private static void ReadContiguous(Tensor tensor, Span<double> values)
    {
        if (tensor.dtype == ScalarType.Float64)
        {
            MemoryMarshal.Cast<byte, double>(tensor.bytes).CopyTo(values);
        }
        else
        {
            var source = MemoryMarshal.Cast<byte, float>(tensor.bytes);
            for (var i = 0; i < source.Length; i++)
                values[i] = source[i];
        }

        KeepMemory(tensor);
    }

    private static void Write(ReadOnlySpan<double> values, Tensor tensor)
    {
        if (tensor.dtype == ScalarType.Float64)
        {
            values.CopyTo(MemoryMarshal.Cast<byte, double>(tensor.bytes));
        }
        else
        {
            var target = MemoryMarshal.Cast<byte, float>(tensor.bytes);
            for (var i = 0; i < target.Length; i++)
                target[i] = (float)values[i];
        }

        KeepMemory(tensor);
    }

    // tensor.bytes points into native memory that the tensor's finalizer frees, and does not itself keep the tensor alive.
    private static void KeepMemory(Tensor tensor) => GC.KeepAlive(tensor);

    private static Tensor Move(Tensor tensor, Device? device)
    {
        if (device is null || device.type == DeviceType.CPU)
            return tensor;
        using (tensor)
            return tensor.to(device);
    }
}
