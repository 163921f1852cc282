using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// Number operands that are alive while libtorch reads them. The one that TorchSharp makes of a number in <c>t.mul(-1)</c> is garbage as
/// soon as its handle was read, and when
/// another thread causes a collection just then its finalizer may come first: the operation then fails or computes with another number.
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
