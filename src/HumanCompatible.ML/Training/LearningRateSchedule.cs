namespace HumanCompatible.ML.Training;

/// <summary>
/// What the step size is multiplied by over the epochs. An immutable value, for example
/// <c>LearningRateSchedule.Cosine() with { WarmUpEpochs = 1 }</c>.
/// </summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>Always 1.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>The epochs over which the step size rises from 0: t epochs in, it is multiplied by min(1, t / WarmUpEpochs).</summary>
    /// <value>At least 0 and finite, also a part of an epoch. The default is 0.</value>
    public double WarmUpEpochs { get; init; }

    /// <summary>
    /// Half a cosine from 1 to 0: t epochs in, (1 + cos(pi min(t / epochs, 1))) / 2. Source: Loshchilov and Hutter (2017), without
    /// restarts.
    /// </summary>
    /// <param name="epochs">The epochs until 0, at least 1; null for the last epoch of the Fit. A Fit that goes on from a model is bit by
    /// bit one longer training only where both name the same number.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Cosine(int? epochs = null) => new CosineSchedule(epochs);

    /// <summary>A factor after every so many epochs: t epochs in, factor^floor(t / epochs).</summary>
    /// <param name="epochs">The epochs between two changes, at least 1.</param>
    /// <param name="factor">Above 0 and at most 1.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Step(int epochs, double factor = 0.1) => new StepSchedule(epochs, factor);

    /// <summary>What the step size of a step is multiplied by.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step within it, from 1.</param>
    /// <param name="steps">The steps of an epoch.</param>
    /// <param name="lastEpoch">The last epoch of the Fit.</param>
    internal double RateFactor(int epoch, int step, int steps, int lastEpoch)
        => At(epoch - 1 + ((step - 1.0) / steps), lastEpoch)
            * (WarmUpEpochs > 0 ? Math.Min(1, (epoch - 1 + ((double)step / steps)) / WarmUpEpochs) : 1);

    /// <summary>The same schedule for a training that is done in several Fits, of so many epochs together.</summary>
    internal virtual LearningRateSchedule Over(int epochs) => this;

    internal virtual void Validate(Problems problems) => problems.NotNegative(nameof(WarmUpEpochs), WarmUpEpochs);

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => RecordText.Of(this, PrintMembers);

    private protected abstract double At(double epochs, int lastEpoch);

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        private protected override double At(double epochs, int lastEpoch) => 1;
    }

    private sealed record CosineSchedule(int? Epochs) : LearningRateSchedule
    {
        internal override LearningRateSchedule Over(int epochs) => this with { Epochs = Epochs ?? epochs };

        internal override void Validate(Problems problems)
        {
            problems.AtLeast(nameof(Epochs), Epochs, 1);
            base.Validate(problems);
        }

        private protected override double At(double epochs, int lastEpoch)
            => (1 + Math.Cos(Math.PI * Math.Min(epochs / (Epochs ?? lastEpoch), 1))) / 2;
    }

    private sealed record StepSchedule(int Epochs, double Factor) : LearningRateSchedule
    {
        internal override void Validate(Problems problems)
        {
            problems.AtLeast(nameof(Epochs), Epochs, 1);
            problems.Require(Factor is > 0 and <= 1, nameof(Factor), Factor, "above 0 and at most 1");
            base.Validate(problems);
        }

        private protected override double At(double epochs, int lastEpoch) => Math.Pow(Factor, Math.Floor(epochs / Epochs));
    }
}
