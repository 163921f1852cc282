namespace HumanCompatible.ML.Confidence;

/// <summary>How hard a network was pushed towards the bounds on its training rows, and how far it can learn those by heart.</summary>
/// <param name="Multipliers">The multipliers of the inequalities; none where it was trained without constraints.</param>
/// <param name="Epochs">How often it has gone through the rows.</param>
/// <param name="Parameters">How many weights it has.</param>
/// <param name="Rows">How many rows it was trained on.</param>
internal readonly record struct TrainingPush(ReadOnlyMemory<double> Multipliers, int Epochs, long Parameters, int Rows)
{
    /// <summary>
    /// l, of <see cref="OfRate"/>: recorded fits of the default network to six generated populations had 15 to 150.
    /// </summary>
    private const double LearnedAnEpoch = 100;

    /// <summary>P_0, about the weights of two layers of 64 units on sixty inputs.</summary>
    private const double UsualParameters = 8000;

    /// <summary>That of a training without constraints.</summary>
    internal static TrainingPush None { get; } = new(ReadOnlyMemory<double>.Empty, 0, 0, 0);

    /// <summary>Of the inequalities of one constraint.</summary>
    /// <param name="start">Where its inequalities begin among all.</param>
    /// <param name="count">How many they are.</param>
    internal TrainingPush Of(int start, int count)
        => this with { Multipliers = Multipliers.IsEmpty ? new double[count] : Multipliers.Slice(start, count) };

    /// <summary>
    /// B = l t q^2 N / (k n) sqrt(max(1, P / P_0)) with t the <see cref="Epochs"/>, N the <see cref="Rows"/> and P the
    /// <see cref="Parameters"/>: a rate over n training rows of variance v is expected to be nearer to what is asked for by about B v / n
    /// than on other rows. Every epoch moves the predictions of its own rows by more than those of others, as the optimism of a penalized
    /// fit is the covariance of what is penalized and what is fitted (Efron, 2004); measured, it grows with the epochs and with how hard
    /// a row is pushed beside its label, q N / n: where parity is cheap, what moves the rows moves others too. A network with sixteen
    /// times as many weights in its layers learned two to three times as much.
    /// </summary>
    /// <param name="push">q, the sum of the products of multiplier and coefficient in the inequalities that the rate is in.</param>
    /// <param name="behind">n, the rows that the rate is counted over.</param>
    /// <param name="groups">k, how many groups are compared: N / (k n) is 1 where a rate is of all rows of groups of one size.</param>
    internal double OfRate(double push, double behind, int groups) => LearnedAnEpoch * Epochs * push * push * (Rows / (groups * behind))
        * Math.Sqrt(Math.Max(1, Parameters / UsualParameters));
}
