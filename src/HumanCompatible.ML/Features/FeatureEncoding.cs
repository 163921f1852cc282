namespace HumanCompatible.ML.Features;

/// <summary>
/// How the slots of the feature column enter the network. What is learned of them comes from the training rows, is kept with the weights
/// and applied again in scoring.
/// </summary>
public enum FeatureEncoding
{
    /// <summary>
    /// By the values of each slot, however it was scaled before. A slot with one value is left out. A slot with up to 10 distinct values is
    /// scaled to [0, 1]. A slot with more is standardized, and gets more inputs beside that: up to 64 piecewise-linear bins between
    /// quantiles (128 where the inputs have learned factors, see <c>LearningRate</c>), fewer where there would be under 20 training rows
    /// for each bin of all slots, and indicators of values that more than a tenth of the rows have (after Gorishniy et al., 2022, "On
    /// Embeddings for Numerical Features in Tabular Deep Learning"). Where the labels of the training rows tell that the values are rather
    /// names than places on a line, as of codes and of amounts that a rule has set, each of them, up to 1,024, has an indicator, unless
    /// they tell the groups of a constraint. Of very many slots that are 0 in most rows, such as the words of texts, 0 stays 0, the others
    /// are brought to one magnitude, and slots that fewer than three training rows have are left out: time and memory are then those of
    /// the values that are not 0.
    /// </summary>
    Automatic,

    /// <summary>As they are. Scale them before: the network learns best from values near 0 with a deviation near 1.</summary>
    None,
}
