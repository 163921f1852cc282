using System.Globalization;
using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>The device a network is trained on, from its name in the options.</summary>
internal static class TorchDevice
{
    private const string Cuda = "cuda";

    /// <summary>Whether the text is "cpu", "cuda" or "cuda:N".</summary>
    internal static bool IsWellFormed(string? device) => device is "cpu" or Cuda || (device is not null && TryIndex(device, out _));

    /// <summary>The device, checked to be there.</summary>
    /// <exception cref="InvalidOperationException">torch does not load, or a CUDA device is asked for and torch finds none, or not that
    /// many.</exception>
    internal static torch.Device Resolve(string device)
    {
        TorchLibrary.Load();
        if (device == "cpu")
            return torch.CPU;
        if (!torch.cuda.is_available())
        {
            throw new InvalidOperationException(
                $"Device '{device}' was asked for, but torch finds no CUDA device: reference the package TorchSharp-cuda-linux or "
                + "TorchSharp-cuda-windows in place of TorchSharp-cpu, on a machine with an NVIDIA driver, or use 'cpu'.");
        }

        var index = TryIndex(device, out var given) ? given : 0;
        var count = torch.cuda.device_count();
        if (index >= count)
            throw new InvalidOperationException($"Device '{device}' was asked for, but torch finds {count} CUDA device(s).");
        return torch.device(DeviceType.CUDA, index);
    }

    private static bool TryIndex(string device, out int index)
    {
        index = 0;
        return device.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
