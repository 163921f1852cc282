using HumanCompatible.ML.Features;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>Every built-in network and encoding as ONNX, with random weights, against the managed forward pass.</summary>
[TestClass]
public sealed class OnnxNetworkTests
{
    private const int Slots = 6;

    private static readonly MLContext ML = new(1);

    public static IEnumerable<object[]> Networks =>
    [
        ["linear", Network.Linear()],
        .. Enum.GetValues<Activation>().Select(activation
            => new object[] { activation.ToString(), Network.MultilayerPerceptron([7, 5], activation, dropout: 0.3) }),
        ["one layer", Network.MultilayerPerceptron(300)],
        ["batch normalization", Network.MultilayerPerceptron([7, 5], Activation.ReLU, 0.3, Normalization.Batch)],
        ["layer normalization", Network.MultilayerPerceptron([7, 5], Activation.Tanh, 0.3, Normalization.Layer)],
        .. Enum.GetValues<Normalization>().Select(normalization => new object[]
        {
            $"residual, {normalization}", Network.ResidualPerceptron(6, 2, Activation.GELU, 0.3, normalization),
        }),
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Write_EachEncodingAndOperatorSet_ScoresAsTheManagedNetwork(string name, NetworkDefinition network)
    {
        foreach (var encoding in new[] { null, new PiecewiseLinearEncoding { MaximumBins = 8, RowsPerBin = 1 } })
        {
            var rows = Rows(300, new Random(5));
            var encoder = FeatureEncoder.Fit(encoding, [.. rows[..200].SelectMany(row => row)], Slots);
            var model = Model(network, encoder, new Random(7));
            var expected = Scored.Of(model.Transform(View(rows)));
            for (var operatorSet = 9; operatorSet <= 12; operatorSet++)
            {
                using var file = OnnxFile.Convert(ML, model, View(rows), operatorSet);

                OnnxAssert.AreClose(expected, file.RunAll(View(rows)), $"{name}, {encoding}, operator set {operatorSet}");
                OnnxAssert.AreClose(expected[..20], file.RunEach(View(rows[..20])), $"{name}, {encoding}, one row");
            }
        }
    }

    // The model's score is NaN then; ML.NET's exporter makes the predicted label by a Binarizer, for which OnnxRuntime takes no NaN.
    [TestMethod]
    public void Write_RowsWithoutANumber_HaveNoScore()
    {
        float[] numbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        var rows = Rows(200, new Random(5));
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 8, RowsPerBin = 1 }, [.. rows.SelectMany(row => row)], Slots);
        Assert.AreEqual(0, encoder.Slots[2].Width, "One slot has one value and is left out.");
        foreach (var network in Networks.Select(row => (NetworkDefinition)row[1]))
        {
            var model = Model(network, encoder, new Random(7));
            using var file = OnnxFile.Convert(ML, model, View(rows));
            foreach (var damaged in numbers.SelectMany(number => Replaced(rows[0], number)))
            {
                Assert.IsTrue(float.IsNaN(Scored.Of(model.Transform(View([damaged]))).Single().Score));
                var refusal = Assert.ThrowsExactly<OnnxRuntimeException>(() => file.RunAll(View([damaged])));
                Assert.Contains("is NaN", refusal.Message);
            }

            Assert.IsTrue(float.IsFinite(file.RunAll(View(rows[..1])).Single().Score));
        }
    }

    [TestMethod]
    public void Write_MissingValuesThatHaveAnInput_ScoreAsTheManagedNetwork()
    {
        var random = new Random(9);
        var rows = Rows(300, random);
        foreach (var row in rows)
        {
            // The third slot, which has one value, has nothing but the input for a missing one.
            foreach (var slot in new[] { 0, 1, 2, 4 })
                row[slot] = random.Next(5) == 0 ? float.NaN : row[slot];
        }

        foreach (var encoding in new[] { null, new PiecewiseLinearEncoding { MaximumBins = 8, RowsPerBin = 1 } })
        {
            var encoder = FeatureEncoder.Fit(encoding, [.. rows.SelectMany(row => row)], Slots);
            Assert.AreEqual(4, encoder.Slots.Count(slot => slot.TakesMissing));
            foreach (var network in Networks.Select(row => (NetworkDefinition)row[1]))
            {
                var model = Model(network, encoder, new Random(7));
                using var file = OnnxFile.Convert(ML, model, View(rows), 9);

                OnnxAssert.AreClose(Scored.Of(model.Transform(View(rows))), file.RunAll(View(rows)), $"{network}, {encoding}");
                var refusal = Assert.ThrowsExactly<OnnxRuntimeException>(() => file.RunAll(View([[1, 1, 3, float.NaN, 5, 40]])));
                Assert.Contains("is NaN", refusal.Message);
            }
        }
    }

    [TestMethod]
    public void Write_ValuesAtTheEdgesOfFloats_ScoreAsTheManagedNetwork()
    {
        float[] edges = [0, -0f, float.Epsilon, -float.Epsilon, 1e30f, -1e30f, 1e7f, -1e7f];
        var rows = Rows(200, new Random(5));
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 8, RowsPerBin = 1 }, [.. rows.SelectMany(row => row)], Slots);
        Assert.IsTrue(encoder.Slots.Any(slot => slot.Dominants.Length > 0));
        var model = Model(Network.Linear(), encoder, new Random(7));
        float[] steps = [.. encoder.Slots.SelectMany(slot => slot.Boundaries.Concat(slot.Dominants))];
        float[][] all = [.. edges.Concat(steps).Concat(steps.Select(MathF.BitIncrement)).Concat(steps.Select(MathF.BitDecrement))
            .SelectMany(value => Replaced(rows[0], value))];
        using var file = OnnxFile.Convert(ML, model, View(rows));

        OnnxAssert.AreClose(Scored.Of(model.Transform(View(all))), file.RunAll(View(all)), "edges");
    }

    [TestMethod]
    public void Write_FeaturesOfTwoDimensions_AreTakenInTheirOrder()
    {
        var rows = Rows(50, new Random(5));
        var encoder = FeatureEncoder.Fit(null, [.. rows.SelectMany(row => row)], Slots);
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        var view = ML.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row }), definition);
        var model = Model(Network.MultilayerPerceptron(4), encoder, new Random(7), view);
        using var file = OnnxFile.Convert(ML, model, view);

        OnnxAssert.AreClose(Scored.Of(model.Transform(view)), file.RunAll(view), "two dimensions");
    }

    [TestMethod]
    public void Convert_AnOperatorSetBelowNine_IsRefused()
    {
        var model = Model(Network.Linear(), FeatureEncoder.Fit(null, [1, 2, 3, 4, 5, 6], Slots), new Random(7));

        Assert.Throws<ArgumentException>(() => OnnxFile.Convert(ML, model, View(Rows(1, new Random(1))), 8));
    }

    // The row with the value in each of its slots.
    private static IEnumerable<float[]> Replaced(float[] row, float value)
        => Enumerable.Range(0, Slots).Select(slot => (float[])[.. row[..slot], value, .. row[(slot + 1)..]]);

    // Numbers with zeros, a constant, few values, a 0/1 indicator, large numbers, ages.
    private static float[][] Rows(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => new[]
    {
        random.NextDouble() < 0.5 ? 0 : random.NextSingle() * 10,
        random.Next(2),
        3,
        random.Next(5),
        MathF.Round(random.NextSingle() * 99999),
        random.Next(17, 90),
    })];

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model(NetworkDefinition network, FeatureEncoder encoder,
        Random random, IDataView? view = null)
    {
        var arrays = LayeredArchitecture.Of(network, encoder.OutputCount, 1).Arrays().Select(array =>
        {
            // Inputs that are not encoded are large.
            var scale = encoder.IsIdentity ? 0.01f : 1;
            float[] values = [.. Enumerable.Range(0, (int)array.Shape.Aggregate((x, y) => x * y))
                .Select(_ => array.Name.EndsWith("running_var", StringComparison.Ordinal) ? random.NextSingle() + 0.1f
                    : scale * (random.NextSingle() - 0.5f))];
            return new NetworkArray(array.Name, [.. array.Shape], values);
        });
        var trained = Workout.Get("BinaryClassification: no constraint").Model.Model.Trained with
        {
            Network = network,
            Encoder = encoder,
            Weights = new NetworkWeights(arrays),
        };
        return PredictionTransformers.Binary(((IHostEnvironment)ML).Register("tests"), new ConstrainedBinaryModelParameters(trained, "cpu"),
            (view ?? View([])).Schema, "Features");
    }

    private static IDataView View(float[][] rows) => ML.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row }));

    private sealed class Row
    {
        [VectorType(Slots)]
        public float[] Features { get; set; } = [];
    }
}
