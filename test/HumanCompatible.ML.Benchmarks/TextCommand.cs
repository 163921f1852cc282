using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The command "text": the trainer with its defaults, without and with a bound, beside ML.NET's logistic regression on generated texts
/// through FeaturizeText; accuracy, seconds and the peak of the process's memory so far.
/// </summary>
internal static class TextCommand
{
    private const int Vocabulary = 30_000;

    internal static int Run(string[] args)
    {
        if (args is not [] && !(args is [var first] && int.TryParse(first, CultureInfo.InvariantCulture, out var given) && given >= 100))
        {
            Console.Error.WriteLine("text [ROWS]: the number of texts to train on, at least 100.");
            return 1;
        }

        var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        var ml = new MLContext(1);
        var texts = Texts(rows + (rows / 4), 7);
        IDataView train = ml.Data.LoadFromEnumerable(texts[..rows]), test = ml.Data.LoadFromEnumerable(texts[rows..]);
        var featurize = ml.Transforms.Text.FeaturizeText("Features", nameof(Review.Text)).Fit(train);
        (train, test) = (featurize.Transform(train), featurize.Transform(test));
        Console.WriteLine($"{rows} texts, {((VectorDataViewType)train.Schema["Features"].Type).Size} slots; {Peak()} MB");
        Report("logistic regression", () => ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train));
        Report("constrained trainer, no bound", () => ml.Constrained().Trainers.BinaryClassification(new() { Seed = 1 }).Fit(train));
        Report("demographic parity 0.05", () => ml.Constrained().Trainers.BinaryClassification(new()
        {
            Seed = 1,
            Constraints = [Fairness.DemographicParity(nameof(Review.Group), 0.05)],
        }).Fit(train));
        return 0;

        void Report(string name, Func<ITransformer> fit)
        {
            var clock = Stopwatch.StartNew();
            var model = fit();
            var seconds = clock.Elapsed.TotalSeconds;
            var scored = model.Transform(test);
            var metrics = ml.BinaryClassification.Evaluate(scored);
            var audit = ml.Constrained().Audit.BinaryClassification(scored, [nameof(Review.Group)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: accuracy {metrics.Accuracy:0.0000}, AUC {metrics.AreaUnderRocCurve:0.0000}, parity difference "
                + $"{audit.Intersection.DemographicParityDifference:0.000}, {seconds:0.0} s, peak {Peak()} MB"));
        }
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1_000_000;
    }

    // Words by Zipf's law, of which some of the usual ones carry a sentiment; the group adds to it, and a third of the texts name the
    // group.
    private static List<Review> Texts(int count, int seed)
    {
        var random = new Random(seed);
        var words = new string[Vocabulary];
        var sentiments = new double[Vocabulary];
        for (var word = 0; word < Vocabulary; word++)
        {
            words[word] = string.Concat(Enumerable.Range(0, 3 + random.Next(6))
                .Select(_ => (char)('a' + (int)(26 * Math.Pow(random.NextDouble(), 1.5)))));
            sentiments[word] = word is > 20 and < 2000 && random.Next(4) == 0 ? 1.5 * Normal(random) : 0;
        }

        var texts = new List<Review>();
        for (var text = 0; text < count; text++)
        {
            var isFirst = random.Next(2) == 0;
            var sentiment = isFirst ? 0.4 : -0.4;
            var said = new List<string>();
            var length = 8 + random.Next(40);
            for (var position = 0; position < length; position++)
            {
                var word = Math.Min(Vocabulary - 1, (int)Math.Exp(random.NextDouble() * Math.Log(Vocabulary + 1)) - 1);
                said.Add(words[word]);
                sentiment += sentiments[word];
            }

            if (random.Next(3) == 0)
                said.Add(isFirst ? "his" : "her");
            texts.Add(new Review
            {
                Text = string.Join(' ', said),
                Group = isFirst ? "A" : "B",
                Label = sentiment + (0.6 * Normal(random)) > 0,
            });
        }

        return texts;
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Review
    {
        public string Text { get; set; } = "";

        public string Group { get; set; } = "";

        public bool Label { get; set; }
    }
}
