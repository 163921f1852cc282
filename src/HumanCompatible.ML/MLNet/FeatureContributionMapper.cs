using Microsoft.ML.Data;
using Microsoft.ML.Numeric;

namespace HumanCompatible.ML.MLNet;

/// <summary>Writes what each feature of a row contributes to the score. One thread at a time.</summary>
/// <param name="features">The row, [slots].</param>
/// <param name="contributions">Receives the contributions, [slots].</param>
internal delegate void RowExplainer(ReadOnlySpan<float> features, Span<float> contributions);

/// <summary>The contributions of features as ML.NET's CalculateFeatureContribution asks for them.</summary>
internal static class FeatureContributionMapper
{
    /// <summary>The delegate for one cursor.</summary>
    /// <param name="featureCount">The slots of the feature column.</param>
    /// <param name="explain">Explains a row.</param>
    /// <param name="top">How many of the largest positive contributions are kept.</param>
    /// <param name="bottom">How many of the largest negative contributions are kept.</param>
    /// <param name="normalize">Whether they are divided by the largest of them.</param>
    internal static ValueMapper<TSrc, VBuffer<float>> Of<TSrc>(int featureCount, RowExplainer explain, int top, int bottom, bool normalize)
    {
        var row = new float[featureCount];
        ValueMapper<VBuffer<float>, VBuffer<float>> map = (in VBuffer<float> features, ref VBuffer<float> contributions) =>
        {
            RowForm.Check(features, featureCount);
            features.CopyTo(row);
            var editor = VBufferEditor.Create(ref contributions, featureCount);
            explain(row, editor.Values);
            var known = !float.IsNaN(editor.Values[0]);
            contributions = editor.Commit();

            // It drops what is no number: a row that cannot be explained would look like one in which nothing matters.
            if (known)
                VectorUtils.SparsifyNormalize(ref contributions, top, bottom, normalize);
        };
        return (ValueMapper<TSrc, VBuffer<float>>)(Delegate)map;
    }
}
