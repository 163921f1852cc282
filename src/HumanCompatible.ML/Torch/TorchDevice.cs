using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>The device a network is trained on, from its name in the options.</summary>
internal static class TorchDevice
{
    private const string Cuda = "cuda", Automatic = "auto";

    /// <summary>Whether the text is "auto", "cpu", "cuda" or "cuda:N".</summary>
    internal static bool IsWellFormed(string? device)
        => device is Automatic or "cpu" or Cuda || (device is not null && TryIndex(device, out _));

    /// <summary>Whether the device of a well-formed text is the processor.</summary>
    internal static bool IsProcessor(string device)
    {
        TorchLibrary.Load();
        return device == "cpu" || (device == Automatic && !torch.cuda.is_available());
    }

    /// <summary>The device, checked to be there.</summary>
    /// <exception cref="InvalidOperationException">torch does not load, or a CUDA device is asked for and torch finds none, or not that
    /// many.</exception>
    internal static torch.Device Resolve(string device)
    {
        if (IsProcessor(device))
            return torch.CPU;
        if (!torch.cuda.is_available())
        {
            throw new InvalidOperationException(
                $"Device '{device}' was asked for, but torch finds no CUDA device: reference the package TorchSharp-cuda-linux or "
                + "TorchSharp-cuda-windows in place of TorchSharp-cpu, on a machine with an NVIDIA driver, or use 'cpu' or 'auto'.");
        }

        var index = TryIndex(device, out var given) ? given : 0;
        var count = torch.cuda.device_count();
        if (index >= count)
            throw new InvalidOperationException($"Device '{device}' was asked for, but torch finds {count} CUDA device(s).");
        return torch.device(DeviceType.CUDA, index);
    }

    /// <summary>Memory for 32-bit floats on a device, or on the processor where the device has too little.</summary>
    /// <param name="shape">The shape of the tensor.</param>
    /// <param name="device">The device.</param>
    /// <param name="spare">How many floats the device must have room for beside the tensor.</param>
    internal static torch.Tensor Allocate(long[] shape, torch.Device device, long spare)
    {
        torch.Tensor? tensor = null;
        try
        {
            tensor = torch.empty(shape, torch.ScalarType.Float32, device);
            if (device.type != DeviceType.CPU)
                torch.empty(spare, torch.ScalarType.Float32, device).Dispose();
            return tensor;
        }
        catch (ExternalException problem) when (device.type != DeviceType.CPU
            && problem.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase))
        {
            tensor?.Dispose();
            return torch.empty(shape, torch.ScalarType.Float32, torch.CPU);
        }
    }

    private static bool TryIndex(string device, out int index)
    {
        index = 0;
        return device.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
