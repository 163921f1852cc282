using System.Diagnostics;
using HumanCompatible.ML.Auditing;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The command "audit": what it takes to audit scored rows by two columns of text, beside ML.NET's own Evaluate of the same cached rows, in
/// turn; and the managed memory that the audit holds on to.
/// </summary>
internal static class AuditCommand
{
    private static readonly string[] Sexes = ["Female", "Male"];
    private static readonly string[] Races = ["Amer-Indian-Eskimo", "Asian-Pac-Islander", "Black", "Other", "White"];

    internal static int Run(string[] args)
    {
        var count = Measurement.Option(args, "--rows", 10_000_000);
        var repetitions = Measurement.Option(args, "--repetitions", 2);
        Console.WriteLine(Measurement.Describe());
        var context = new MLContext(1);
        var data = context.Data.Cache(context.Data.LoadFromEnumerable(Rows(count)));
        using (var cursor = data.GetRowCursor(data.Schema))
        {
            while (cursor.MoveNext())
            {
            }
        }

        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var evaluate = Seconds(() => context.BinaryClassification.Evaluate(data).AreaUnderRocCurve, out var theirs);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var audit = Seconds(() => context.Constrained().Audit.BinaryClassification(data, ["Sex", "Race"]), out var result);
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;
            Print($"{count:N0} rows: Evaluate {evaluate:0.00} s, audit {audit:0.00} s, {audit / evaluate:0.00} times as long");
            Print($"# the audit holds {held / 1e6:0.0} MB");
            var all = result.Overall;
            Print($"# area under the curve {theirs:R} and {all[AuditStatistic.AreaUnderRocCurve]:R}, error below {all.AucError:0.0e0}");
        }

        return 0;
    }

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private static double Seconds<T>(Func<T> work, out T result)
    {
        var watch = Stopwatch.StartNew();
        result = work();
        return watch.Elapsed.TotalSeconds;
    }

    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(1);
        var row = new Row();
        for (var index = 0; index < count; index++)
        {
            row.Score = (float)(4 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.6));
            row.Probability = (float)(1 / (1 + Math.Exp(-row.Score)));
            row.Label = random.NextDouble() < row.Probability;
            row.PredictedLabel = row.Score > 0;
            row.Sex = Sexes[random.Next(2)];
            row.Race = Races[random.Next(5)];
            yield return row;
        }
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public string Sex { get; set; } = "";

        public string Race { get; set; } = "";
    }
}
