using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The command "scoring": what a row costs in ML.NET's own pipeline, in microseconds and managed bytes, for a whole cached table and for
/// a prediction engine: a built-in network, the same network as a module of the user's own, and ML.NET's logistic regression.
/// </summary>
internal static class ScoringCommand
{
    private const int Predictions = 200;

    internal static int Run(string[] args)
    {
        var rows = Measurement.Option(args, "--rows", 20_000);
        var repetitions = Measurement.Option(args, "--repetitions", 15);
        using var threads = new TorchThreads(1);
        Console.WriteLine(Measurement.Describe());
        Measurement.PrintHeading();
        var context = new MLContext(1);
        var data = context.Data.Cache(Rows(context, rows));
        var perceptron = Network.MultilayerPerceptron(64, 64);
        NetworkRegistry.Register("benchmarks: perceptron", Module);
        var module = Network.Module("benchmarks: perceptron");
        Print("built-in", context, Train(context, data, perceptron), data, rows, repetitions);
        Print("own module", context, Train(context, data, module), data, rows, repetitions);
        var logistic = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new() { MaximumNumberOfIterations = 3, NumberOfThreads = 1 });
        Print("ML.NET's own", context, logistic.Fit(context.Data.TakeRows(data, 1000)), data, rows, repetitions);
        return 0;
    }

    private static ITransformer Train(MLContext context, IDataView data, NetworkDefinition network)
        => context.Constrained().Trainers.BinaryClassification(network: network, numberOfEpochs: 1, batchSize: 256)
            .Fit(context.Data.TakeRows(data, 1000));

    private static void Print(string name, MLContext context, ITransformer model, IDataView data, int rows, int repetitions)
    {
        var view = model.Transform(data);
        Measurement.Print($"{name}: table", [.. Measurement.Time(1, repetitions, 1, () => Read(view)).Select(time => time / rows)]);
        Console.WriteLine(FormattableString.Invariant($"# {name}: table allocates {Bytes(() => Read(view)) / rows:0.0} bytes a row"));

        using var engine = context.Model.CreatePredictionEngine<Row, Prediction>(model,
            new PredictionEngineOptions { OwnsTransformer = false });
        var row = new Row { Features = SyntheticRows.Create(1, 2).Features(0) };
        var prediction = new Prediction();
        void Predict() => engine.Predict(row, ref prediction);
        Measurement.Print($"{name}: engine", Measurement.Time(1, repetitions, Predictions, Predict));
        Console.WriteLine(FormattableString.Invariant($"# {name}: engine allocates {Bytes(Predict):0.0} bytes a prediction"));
    }

    private static void Read(IDataView view)
    {
        using var cursor = view.GetRowCursor([view.Schema["Score"], view.Schema["Probability"]]);
        var (score, probability) = (cursor.GetGetter<float>(view.Schema["Score"]), cursor.GetGetter<float>(view.Schema["Probability"]));
        var value = 0f;
        while (cursor.MoveNext())
        {
            score(ref value);
            probability(ref value);
        }
    }

    private static double Bytes(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static IDataView Rows(MLContext context, int count)
    {
        var rows = SyntheticRows.Create(count, 1);
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Row
        {
            Features = rows.Features(row),
            Label = rows.Labels[row] > 0,
        }).ToList());
    }

    private static torch.nn.Module<torch.Tensor, torch.Tensor> Module(int inputs, int outputs) => torch.nn.Sequential(
        torch.nn.Linear(inputs, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, outputs));

    private sealed class Row
    {
        [VectorType(SyntheticRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
