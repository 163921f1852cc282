namespace HumanCompatible.ML.Training;

/// <summary>The centers z of a <see cref="MoreauEnvelope"/>, as plain numbers that share nothing with it.</summary>
public sealed class MoreauEnvelopeState
{
    /// <summary>Creates the state; arrays are copied.</summary>
    /// <param name="shapes">The shape of each parameter, in their order.</param>
    /// <param name="centers">The elements of each center in row-major order.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or an array does not fit its shape.</exception>
    public MoreauEnvelopeState(IReadOnlyList<IReadOnlyList<long>> shapes, IReadOnlyList<double[]> centers)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        ArgumentNullException.ThrowIfNull(centers);
        if (shapes.Count != centers.Count)
            throw new ArgumentException($"There are {centers.Count} centers and {shapes.Count} shapes; expected as many.", nameof(centers));
        for (var i = 0; i < shapes.Count; i++)
        {
            var expected = shapes[i].Aggregate(1L, (product, size) => product * size);
            if (centers[i].Length != expected)
            {
                throw new ArgumentException(
                    $"Center {i} has {centers[i].Length} elements; expected {expected} for shape [{string.Join(", ", shapes[i])}].",
                    nameof(centers));
            }
        }

        Shapes = [.. shapes.Select(shape => (IReadOnlyList<long>)[.. shape])];
        Centers = [.. centers.Select(center => (double[])center.Clone())];
    }

    /// <summary>The shape of each parameter.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Shapes { get; }

    /// <summary>The elements of each center in row-major order.</summary>
    public IReadOnlyList<double[]> Centers { get; }
}
