using TorchSharp;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Operands that live as long as the process. The one that TorchSharp makes of a number in <c>t.mul(-1)</c> is garbage while libtorch still reads it, and in a rare collection its
/// finalizer comes first: the operation then fails or computes with another number.
/// </summary>
/// <remarks><c>add</c> makes one even for two tensors, so it is always called with <see cref="One"/> as its factor.</remarks>
internal static class Scalars
{
    internal static Scalar Zero { get; } = 0;

    internal static Scalar One { get; } = 1;

    internal static Scalar MinusOne { get; } = -1;

    internal static Scalar SmallestDenominator { get; } = CompiledConstraints.SmallestDenominator;
}
