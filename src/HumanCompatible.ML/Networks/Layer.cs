namespace HumanCompatible.ML.Networks;

/// <summary>
/// A layer of a built-in network, in the order in which it computes: the affine z = W h + b of the values h of the layer before; then,
/// where it has them, the normalization of z, the values of the layer before last added, the activation, dropout.
/// </summary>
/// <param name="InputCount">The width of the layer before.</param>
/// <param name="Width">The number of units.</param>
internal sealed record Layer(int InputCount, int Width)
{
    /// <summary>The normalization of z.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>Whether the values of the layer before last are added: a block of two layers ends here.</summary>
    public bool EndsBlock { get; init; }

    /// <summary>Whether the activation is applied: all layers but the last.</summary>
    public bool Activates { get; init; }

    /// <summary>Whether units are dropped in training.</summary>
    public bool Drops { get; init; }
}
