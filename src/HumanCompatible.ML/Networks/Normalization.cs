namespace HumanCompatible.ML.Networks;

/// <summary>
/// What brings the sums z of a hidden layer to a common scale, before the activation: n = gain (z - m) / sqrt(v + 0.00001) + shift, where
/// gain and shift of each unit are learned.
/// </summary>
public enum Normalization
{
    /// <summary>Nothing: n = z.</summary>
    None = 0,

    /// <summary>
    /// m and v are mean and variance of the unit: over the rows of a batch in training, the averages of those of batches of training rows
    /// otherwise. A batch of one row counts as scoring does. Source: Ioffe and Szegedy (2015).
    /// </summary>
    Batch = 1,

    /// <summary>m and v are mean and variance of the row, over the units of the layer. Source: Ba, Kiros and Hinton (2016).</summary>
    Layer = 2,
}
