using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>A network of the user's own is told from another one whose weights have the same names and shapes.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ProbesEntryTests
{
    private static readonly NetworkDefinition Network = NetworkRegistry.Register("tests: probed",
        (inputs, outputs) => new Probed(inputs, outputs) { Squares = _squares });

    private static bool _squares;

    [TestCleanup]
    public void Reset() => _squares = false;

    [TestMethod]
    [DataRow(FeatureEncoding.Automatic)]
    [DataRow(FeatureEncoding.None)]
    public void Load_WithAFactoryOfAnotherFunction_IsRefused(FeatureEncoding encoding)
    {
        var file = Save(encoding, out var scores);

        CollectionAssert.AreEqual(scores, Scores(file.Load()), "the same function");
        _squares = true;
        var error = Assert.ThrowsExactly<FormatException>(
            () => new MLContext().Constrained().Model.Load(new MemoryStream(file.ToBytes()), out _));

        MessageAssert.Like("The model file's entry 'Probes.safetensors' cannot be read: ModuleNetwork { Name = tests: probed } gives * for "
            + "a row for which the saved one gave *: the factory that is registered under its name in this program builds another "
            + "function than the one that was trained.", error.Message);
    }

    [TestMethod]
    public void Save_OfALoadedModel_KeepsItsProbes()
    {
        var file = Save(FeatureEncoding.Automatic, out _);
        var loaded = file.Load();

        var again = ModelArchive.Save(new MLContext(), loaded, Census.View(new MLContext(1), 300).Schema);

        CollectionAssert.AreEqual(file["Probes.safetensors"], again["Probes.safetensors"]);
        Assert.HasCount(4 * Census.FeatureCount, ModelRoundTripTests.Unwrap(loaded).Model.Trained.Probes!.Features);
    }

    [TestMethod]
    public void Load_WithoutProbes_IsRefused()
    {
        var file = Save(FeatureEncoding.Automatic, out _)
            .EditManifest(manifest => manifest["entries"]!.AsObject().Remove("Probes.safetensors"));

        Assert.AreEqual("The model file's entry 'Manifest.json' cannot be read: entries must list 'Probes.safetensors', which belongs to a "
            + "network of the user's own.", Assert.ThrowsExactly<FormatException>(
            () => new MLContext().Constrained().Model.Load(new MemoryStream(file.ToBytes()), out _)).Message);
    }

    [TestMethod]
    public void Load_WithInfiniteWeights_IsRefused()
    {
        var file = Save(FeatureEncoding.Automatic, out _);
        var weights = SafetensorsBytes.Read(file[ModelArchive.Weights]).Tensors;
        var infinite = SafetensorsWriter.ToBytes([.. weights.Select(tensor => SafetensorsTensor.From<float>(tensor.Name,
            tensor.Shape.AsSpan(), [.. tensor.ToArray<float>().Select(_ => float.PositiveInfinity)]))]);

        StringAssert.StartsWith(Assert.ThrowsExactly<FormatException>(() => new MLContext().Constrained().Model.Load(
            new MemoryStream(file.Replace(ModelArchive.Weights, infinite).ToBytes()), out _)).Message,
            "The model file's entry 'Probes.safetensors' cannot be read: ");
    }

    [TestMethod]
    public void Check_RoundingOfAnotherDevice_IsNoOtherFunction()
    {
        var model = ModelRoundTripTests.Unwrap(Save(FeatureEncoding.None, out _).Load()).Model;
        var probes = model.Trained.Probes!;

        ProbesEntry.Check(probes, model.Trained, Times(1.0005f));
        Assert.ThrowsExactly<InvalidDataException>(() => ProbesEntry.Check(probes, model.Trained, Times(1.1f)));

        RowOutputs Times(float factor) => (features, outputs) =>
        {
            model.Score(features, outputs);
            outputs[0] *= factor;
        };
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    [DataRow(float.NaN)]
    public void Check_OutputsThatAreNotFinite_AreMetByTheSameOnly(float saved)
    {
        var model = ModelRoundTripTests.Unwrap(Save(FeatureEncoding.None, out _).Load()).Model;
        var probes = model.Trained.Probes! with { Outputs = [.. model.Trained.Probes.Outputs.Select(_ => saved)] };

        ProbesEntry.Check(probes, model.Trained, (_, outputs) => outputs.Fill(saved));
        Assert.ThrowsExactly<InvalidDataException>(() => ProbesEntry.Check(probes, model.Trained, model.Score));
    }

    private static ModelArchive Save(FeatureEncoding encoding, out Scored[] scores)
    {
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        var options = Workout.Small();
        (options.Network, options.FeatureEncoding) = (Network, encoding);
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);
        scores = Scored.Of(model.Transform(data));
        return ModelArchive.Save(context, model, data.Schema);
    }

    private static Scored[] Scores(ITransformer model) => Scored.Of(model.Transform(Census.View(new MLContext(1), 300)));

    private sealed class Probed : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly TorchSharp.Modules.Linear _first;
        private readonly TorchSharp.Modules.Linear _second;

        internal Probed(int inputs, int outputs)
            : base(nameof(Probed))
        {
            _first = torch.nn.Linear(inputs, 4);
            _second = torch.nn.Linear(4, outputs);
            RegisterComponents();
        }

        internal bool Squares { get; init; }

        public override torch.Tensor forward(torch.Tensor input)
        {
            var hidden = _first.forward(input);
            return _second.forward(Squares ? hidden.square() : hidden.relu());
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _first.Dispose();
                _second.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
