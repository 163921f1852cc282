using System.Security.Cryptography;
using HumanCompatible.ML.Scoring;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Service;

/// <summary>
/// A model that was loaded, with a pool of engines, as an engine serves one thread at a time. A request takes it once and answers with it
/// from beginning to end, whatever is loaded meanwhile; it goes when the last request has let it go.
/// </summary>
internal sealed class ServedModel
{
    private readonly ObjectPool<PredictionEngine<Applicant, Decision>> _engines;

    private ServedModel(string version, ConstrainedBinaryModelParameters parameters, Engines engines)
    {
        (Version, Parameters) = (version, parameters);
        _engines = new DefaultObjectPool<PredictionEngine<Applicant, Decision>>(engines, 2 * Environment.ProcessorCount);
        _engines.Return(_engines.Get()); // a model of other columns than an applicant has is refused here
    }

    /// <summary>The SHA-256 of its file: other bytes, another version.</summary>
    public string Version { get; }

    public ConstrainedBinaryModelParameters Parameters { get; }

    /// <summary>Loads the bytes of a file.</summary>
    /// <exception cref="FormatException">They are damaged, or no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model asks for other columns.</exception>
    public static ServedModel Load(byte[] bytes)
    {
        var ml = new MLContext();
        var model = ml.Constrained().Model.Load(new MemoryStream(bytes, writable: false), out _);
        var last = model is TransformerChain<ITransformer> chain ? chain.LastTransformer : model;
        return last is BinaryPredictionTransformer<ConstrainedBinaryModelParameters> { Model: var parameters }
            ? new ServedModel(Convert.ToHexStringLower(SHA256.HashData(bytes)), parameters, new Engines(ml, model))
            : throw new FormatException($"The last step of the model must be a constrained binary classifier, got {last.GetType().Name}.");
    }

    public IReadOnlyList<Decision> Decide(IReadOnlyList<Applicant> applicants)
    {
        var engine = _engines.Get();
        try
        {
            return [.. applicants.Select(engine.Predict)];
        }
        finally
        {
            _engines.Return(engine);
        }
    }

    private sealed class Engines(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Applicant, Decision>>
    {
        private static readonly PredictionEngineOptions Options = new() { OwnsTransformer = false };

        public override PredictionEngine<Applicant, Decision> Create()
            => ml.Model.CreatePredictionEngine<Applicant, Decision>(model, Options);

        public override bool Return(PredictionEngine<Applicant, Decision> obj) => true;
    }
}
