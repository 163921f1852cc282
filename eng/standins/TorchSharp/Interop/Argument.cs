using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What an argument or result holds; the numbers are those of the enum Tag in native/shim.h.</summary>
internal enum Tag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    Ints,
    Tensors,
    OptionalTensors,
    Generator,
    Device,
    Default,
    Doubles,
    Text,
}

/// <summary>An argument or result as the shim sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public Tag Tag;
    public int Count;
    public long Bits;
}

/// <summary>One argument of an operator. Null of any reference type is None, which libtorch takes for an absent optional.</summary>
internal readonly struct Argument
{
    public readonly object? Reference;
    public readonly long Bits;
    public readonly Tag Tag;
    public readonly int Count;

    public Argument(Tag tag, long bits = 0, object? reference = null, int count = 0)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
        Count = count;
    }

    /// <summary>The default that the operator's schema declares for this argument.</summary>
    public static Argument Default => new(Tag.Default);

    /// <summary>A list in which an absent tensor is allowed.</summary>
    public static Argument Optional(torch.Tensor?[] tensors) => new(Tag.OptionalTensors, 0, tensors, tensors.Length);

    public static implicit operator Argument(torch.Tensor? value) => value is null ? default : new(Tag.Tensor, value.Handle, value);
    public static implicit operator Argument(long value) => new(Tag.Int, value);
    public static implicit operator Argument(long? value) => value is long given ? new(Tag.Int, given) : default;
    public static implicit operator Argument(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is double given ? given : default(Argument);
    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Argument(Scalar? value) => value is null ? default : value.AsArgument();
    public static implicit operator Argument(torch.ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Argument(torch.ScalarType? value) => value is torch.ScalarType given ? new(Tag.Int, (long)given) : default;
    public static implicit operator Argument(torch.Device value) => new(Tag.Device, (long)value.type, null, value.index);
    public static implicit operator Argument(torch.Generator? value) => value is null ? default : new(Tag.Generator, value.Handle, value);
    public static implicit operator Argument(long[]? value) => value is null ? default : new(Tag.Ints, 0, value, value.Length);
    public static implicit operator Argument(torch.Tensor[] value) => new(Tag.Tensors, 0, value, value.Length);
    public static implicit operator Argument(string? value) => value is null ? default : new(Tag.Text, 0, value);
}
