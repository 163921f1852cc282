using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Kinds of devices.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    /// <summary>A device by kind and index; -1 is the current one of its kind.</summary>
    public class Device
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Enum.Parse<DeviceType>(parts[0].ToUpperInvariant());
            index = parts.Length == 2 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : -1;
        }

        public Device(string deviceType, int index = -1) : this(Enum.Parse<DeviceType>(deviceType.ToUpperInvariant()), index) { }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; private set; }

        public int index { get; private set; }

        public override string ToString()
        {
            var kind = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index == -1 ? kind : $"{kind}:{index}";
        }

        public static implicit operator Device(string description) => new(description);
    }

    private static Device default_device = new(DeviceType.CPU);
    private static ScalarType default_dtype = ScalarType.Float32;

    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static Device get_default_device() => default_device;
    public static void set_default_device(Device device) => default_device = device ?? throw new ArgumentNullException(nameof(device));
    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static ScalarType get_default_dtype() => default_dtype;

    public static void set_default_dtype(ScalarType dtype)
    {
        if (!dtype.IsFloatingPoint()) throw new ArgumentException("only floating-point types are supported as the default type");
        default_dtype = dtype;
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= default_device;
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CUDA => NativeMethods.shim_cuda_is_available() != 0,
        DeviceType.MPS => false,
        _ => true,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType != DeviceType.CPU && !TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>CUDA devices.</summary>
    public static class cuda
    {
        public static bool is_available() => NativeMethods.shim_cuda_is_available() != 0;
        public static int device_count() => NativeMethods.shim_cuda_device_count();
        public static void manual_seed(long seed) => NativeMethods.Check(NativeMethods.shim_cuda_seed(seed));
        public static void manual_seed_all(long seed) => NativeMethods.Check(NativeMethods.shim_cuda_seed(seed));
        public static void synchronize(Device? device = null) => NativeMethods.Check(NativeMethods.shim_cuda_synchronize(device?.index ?? -1));
    }

    public static int get_num_threads() => NativeMethods.shim_get_threads();
    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.shim_set_threads(num));
    public static int get_num_interop_threads() => NativeMethods.shim_get_interop_threads();
    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.shim_set_interop_threads(num));
}
