using Microsoft.ML;

namespace HumanCompatible.ML.Scoring;

/// <summary>Makes the getters of Score, Probability and PredictedLabel from the logit of a row.</summary>
internal static class BinaryOutputGetters
{
    /// <summary>The getter of an output column, typed as the caller asks.</summary>
    /// <param name="output">0 Score, 1 Probability, 2 PredictedLabel.</param>
    /// <param name="logit">The logit of the current row.</param>
    /// <param name="column">The column that is asked for, named in the error.</param>
    /// <exception cref="InvalidOperationException"><typeparamref name="TValue"/> is not the type of the column.</exception>
    internal static ValueGetter<TValue> Create<TValue>(int output, Func<float> logit, DataViewSchema.Column column)
    {
        Delegate getter = output switch
        {
            0 => (ValueGetter<float>)((ref float value) => value = logit()),
            1 => (ValueGetter<float>)((ref float value) => value = Sigmoid(logit())),
            _ => (ValueGetter<bool>)((ref bool value) => value = logit() > 0),
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected '{column.Type.RawType}'.");
    }

    // Both branches take the exponential of a number that is not positive, so neither overflows.
    internal static float Sigmoid(float logit)
    {
        if (logit >= 0)
            return 1f / (1f + MathF.Exp(-logit));
        var exponential = MathF.Exp(logit);
        return exponential / (1f + exponential);
    }
}
