using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// A trained binary classifier: adds Score (the logit, whose sign is the prediction), Probability (its sigmoid) and PredictedLabel. Scoring
/// needs the
/// feature column only, is lazy, and may run on several threads at once.
/// </summary>
/// <remarks>
/// Built-in networks are scored without libtorch. A network of the user's own is scored by TorchSharp and must be disposed; a
/// PredictionEngine disposes
/// the model it was made from unless its options say otherwise.
/// </remarks>
public sealed class ConstrainedBinaryClassificationTransformer : ISingleFeaturePredictionTransformer<ConstrainedBinaryModelParameters>,
    IDisposable
{
    private readonly IRowScorer _scorer;
    private bool _disposed;

    internal ConstrainedBinaryClassificationTransformer(ConstrainedBinaryModelParameters model, string featureColumnName, string device)
    {
        Model = model;
        FeatureColumnName = featureColumnName;
        FeatureColumnType = new VectorDataViewType(NumberDataViewType.Single, model.FeatureCount);
        _scorer = RowScorers.Create(model, device);
    }

    /// <summary>What was learned.</summary>
    public ConstrainedBinaryModelParameters Model { get; }

    /// <summary>The feature column that is read.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type of that column: a vector of <see cref="float"/> of the size trained with.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>The constraints the model was trained under.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints => Model.Constraints;

    /// <summary>The multipliers at the end of the chosen epoch, by constraint and group.</summary>
    public IReadOnlyList<Multiplier> Duals => Model.Duals;

    /// <summary>Every epoch that was run.</summary>
    public IReadOnlyList<EpochHistory> History => Model.History;

    /// <summary>The outcome: every bound, what was measured against it, met or missed by how much.</summary>
    public TrainingSummary Summary => Model.Summary;

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>
    /// The schema after scoring: the columns of <paramref name="inputSchema"/>, then Score, Probability and PredictedLabel.
    /// </summary>
    /// <param name="inputSchema">A schema with the feature column.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    /// <summary>Scores data, row by row as they are read.</summary>
    /// <param name="input">Data with the feature column.</param>
    /// <returns>The data with Score, Probability and PredictedLabel added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredDataView(input, Map(input.Schema), _scorer);
    }

    /// <summary>The mapper that scores single rows.</summary>
    /// <param name="inputSchema">A schema with the feature column.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    /// <summary>
    /// Releases the network where it is the user's own; built-in networks hold nothing to release. Scoring afterwards throws.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        (_scorer as IDisposable)?.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ModelFile.Save(ctx, this);
    }

    private BinaryRowMapper Map(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new BinaryRowMapper(inputSchema, FeatureColumnName, _scorer);
    }
}
