using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// Numbers as operands of torch's operations. In <c>t.mul(-1)</c> TorchSharp makes an operand of the number and passes its handle to
/// libtorch; from then on nothing refers to it. A collection at that moment may finalize it before libtorch has read it, and the operation
/// fails or computes with another number. The operands made here live longer.
/// </summary>
/// <remarks><c>add</c> makes one even for two tensors, so it is always called with <see cref="One"/> as its factor.</remarks>
internal static class Scalars
{
    private const int KeptCount = 32;

    [ThreadStatic]
    private static Scalar?[]? _kept;

    [ThreadStatic]
    private static int _next;

    internal static Scalar Zero { get; } = 0;

    internal static Scalar One { get; } = 1;

    internal static Scalar MinusOne { get; } = -1;

    /// <summary>A number for one operation: it lives until this thread has asked for 32 others.</summary>
    internal static Scalar Of(double value)
    {
        _kept ??= new Scalar?[KeptCount];
        _next = (_next + 1) % KeptCount;
        _kept[_next]?.Dispose();
        Scalar scalar = value;
        _kept[_next] = scalar;
        return scalar;
    }
}
