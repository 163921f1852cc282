namespace HumanCompatible.ML.Confidence;

/// <summary>How hard a network was pushed towards the bounds on its training rows, and how far it can learn those by heart.</summary>
/// <param name="Multipliers">
/// The multipliers of the inequalities, averaged over the epochs as the weights are; none where it was trained without constraints.
/// </param>
/// <param name="Epochs">How often it has gone through the rows.</param>
/// <param name="Parameters">How many weights it has.</param>
/// <param name="Rows">How many rows it was trained on.</param>
/// <param name="Optimism">
/// By how much smaller the mean loss is on them than on held-out rows, 0 at least; of a regression in units of the labels' variance.
/// </param>
internal readonly record struct TrainingPush(ReadOnlyMemory<double> Multipliers, int Epochs, long Parameters, int Rows, double Optimism)
{
    /// <summary>
    /// l, of <see cref="Flattery"/>: recorded fits of the default network to six generated populations had 15 to 150.
    /// </summary>
    private const double LearnedAnEpoch = 100;

    /// <summary>P_0, about the weights of two layers of 64 units on sixty inputs.</summary>
    private const double UsualParameters = 8000;

    /// <summary>
    /// c, of <see cref="Flattery"/>: in the same fits about 2, taken twice, as held-out rows tell a small optimism badly.
    /// </summary>
    private const double OfOptimism = 4;

    /// <summary>That of a training without constraints.</summary>
    internal static TrainingPush None { get; } = new(ReadOnlyMemory<double>.Empty, 0, 0, 0, 0);

    /// <summary>Of the inequalities of one constraint.</summary>
    /// <param name="start">Where its inequalities begin among all.</param>
    /// <param name="count">How many they are.</param>
    internal TrainingPush Of(int start, int count)
        => this with { Multipliers = Multipliers.IsEmpty ? new double[count] : Multipliers.Slice(start, count) };

    /// <summary>
    /// b = q N / (k n) (l t |q| sqrt(max(1, P / P_0)) v / n + c g): by how much a rate over n training rows may be nearer to what is asked
    /// for than that of other rows, with t the <see cref="Epochs"/>, N the <see cref="Rows"/>, P the <see cref="Parameters"/> and g the
    /// <see cref="Optimism"/>; negative where it is asked to be more. Every epoch moves the predictions of its own rows by more than those
    /// of others, the more the harder a row is pushed beside its label, q N / n. The optimism of a fit is the covariance of what is fitted
    /// and what it is fitted to (Efron, 2004), of the inequalities as of the loss: where the network has learned its labels by heart, it
    /// has learned the bounds by heart too. The first term is what recorded fits let expect before there is an optimism to be told.
    /// </summary>
    /// <param name="push">q, the sum of the products of multiplier and coefficient in the inequalities that the rate is in.</param>
    /// <param name="behind">n, the rows that the rate is counted over.</param>
    /// <param name="variance">v, of a row.</param>
    /// <param name="groups">k, how many groups are compared: N / (k n) is 1 where a rate is of all rows of groups of one size.</param>
    internal double Flattery(double push, double behind, double variance, int groups)
    {
        var width = Math.Sqrt(Math.Max(1, Parameters / UsualParameters));
        return push * (Rows / (groups * behind))
            * ((LearnedAnEpoch * Epochs * Math.Abs(push) * width * variance / behind) + (OfOptimism * Optimism));
    }
}
