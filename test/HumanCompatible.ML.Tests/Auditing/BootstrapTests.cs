using HumanCompatible.ML.Auditing;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Auditing;

[TestClass]
public sealed class BootstrapTests
{
    private static readonly MLContext ML = new(1);

    private sealed class Row
    {
        public bool Label { get; set; }
        public bool PredictedLabel { get; set; }
        public float Score { get; set; }
        public string Sex { get; set; } = "";
    }

    private static FairnessAudit Audit(int count, int seed, double shift = 0, double noise = 0.5)
    {
        var random = new Random(seed);
        return ML.Constrained().Audit.BinaryClassification(ML.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row =>
        {
            var (isFemale, share) = (row % 3 == 0, random.NextDouble());
            var score = (float)(share - 0.5 - (isFemale ? shift : 0));
            return new Row
            {
                Label = share + (noise * (random.NextDouble() - 0.5)) > 0.5,
                Score = score,
                PredictedLabel = score > 0,
                Sex = isFemale ? "F" : "M",
            };
        }).ToList()), ["Sex"]);
    }

    private static double Gap(FairnessAudit audit) => audit.Of("Sex").DemographicParityDifference;

    [TestMethod]
    public void Bootstrap_IsTheSameForASeed_AndTellsProgress()
    {
        var audit = Audit(200, 1, shift: 0.2);
        var progress = new Told();
        BootstrapOptions Options(int seed) => new() { Replicates = 200, Seed = seed, Progress = progress };

        var (first, second, other) = (audit.Bootstrap(Gap, Options(1)), audit.Bootstrap(Gap, Options(1)), audit.Bootstrap(Gap, Options(2)));

        Assert.AreEqual(first, second);
        Assert.AreNotEqual(first, other);
        Assert.AreEqual(Gap(audit), first.Value);
        Assert.AreEqual(200, first.Replicates);
        Assert.AreEqual((600, 1.0), (progress.Shares.Count, progress.Shares.Max()));
    }

    [TestMethod]
    public void Bootstrap_OfARate_HasItsStandardErrorWithinGroups()
    {
        // 100 rows of F, 200 of M: the difference of two independent rates.
        var audit = Audit(300, 3, shift: 0.2);
        var sex = audit.Of("Sex");
        double Variance(string group) => sex[group][AuditStatistic.SelectionRate] * (1 - sex[group][AuditStatistic.SelectionRate])
            / sex[group].RowCount;

        var interval = audit.Bootstrap(one => one.Of("Sex")["M"][AuditStatistic.SelectionRate]
            - one.Of("Sex")["F"][AuditStatistic.SelectionRate], new() { Replicates = 4000 });

        Assert.AreEqual(Math.Sqrt(Variance("F") + Variance("M")), interval.StandardError, 0.002);
    }

    [TestMethod]
    public void Bootstrap_OfAnUndefinedSummary_IsUndefined()
    {
        var interval = Audit(30, 1).Bootstrap(_ => double.NaN, new() { Replicates = 100 });

        Assert.AreEqual((double.NaN, double.NaN, 0), (interval.Interval.Lower, interval.Interval.Upper, interval.Replicates));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Audit(30, 1).Bootstrap(Gap, new() { Replicates = 99 }));
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Audit(30, 1).Bootstrap(Gap, null, cancellation.Token));
    }

    [TestMethod]
    [DataRow(BootstrapMethod.Percentile)]
    [DataRow(BootstrapMethod.BiasCorrectedAccelerated)]
    public void Bootstrap_OfManySamples_CoversAsItSays(BootstrapMethod method)
    {
        // The selection rates are 1/2 and 0.3: the truth is a difference of 0.2, far from the end of its range.
        var covered = Enumerable.Range(0, 150).Count(seed =>
        {
            var interval = Audit(240, 1000 + seed, shift: 0.2).Bootstrap(Gap, new() { Replicates = 200, Method = method }).Interval;
            return interval.Lower <= 0.2 && 0.2 <= interval.Upper;
        });

        // 95% of 150 is 142.5, with a standard deviation of 2.7.
        Assert.IsInRange(132, 150, covered);
    }

    [TestMethod]
    public void Bootstrap_OfSeveralSummariesTogether_IsWiderThanOfEach()
    {
        var audit = Audit(300, 5, shift: 0.1);
        Func<FairnessAudit, double>[] rates = [one => one.Of("Sex")["F"][AuditStatistic.Accuracy],
            one => one.Of("Sex")["M"][AuditStatistic.Accuracy]];
        BootstrapOptions Options(bool together) => new() { Replicates = 1000, IsSimultaneous = together };

        var (each, together) = (audit.Bootstrap(rates, Options(false)), audit.Bootstrap(rates, Options(true)));

        // Of two independent intervals each must hold with sqrt(0.95) for both to hold with 0.95: 2.236 instead of 1.960 errors.
        foreach (var (one, other) in each.Zip(together))
        {
            var ratio = (other.Interval.Upper - other.Interval.Lower) / (one.Interval.Upper - one.Interval.Lower);
            Assert.IsInRange(1.05, 1.25, ratio);
        }
    }

    [TestMethod]
    public void Compare_OfTheSameRows_IsPaired_AndOfOthersNot()
    {
        var audits = ML.Constrained().Audit;
        var options = new BootstrapOptions { Replicates = 200 };
        var summaries = new Dictionary<string, Func<FairnessAudit, double>> { ["gap"] = Gap };
        var (fair, unfair) = (Audit(300, 1), Audit(300, 1, shift: 0.2));

        var paired = audits.Compare(fair, unfair, summaries, options);
        var others = audits.Compare(fair, Audit(300, 2, shift: 0.2), summaries, options);

        Assert.AreEqual((true, false), (paired.IsPaired, others.IsPaired));
        var gap = paired.Summaries.Single();
        Assert.AreEqual((Gap(fair), Gap(unfair), Gap(unfair) - Gap(fair)), (gap.First, gap.Second, gap.Difference));
        Assert.IsInRange(gap.Interval.Lower, gap.Interval.Upper, gap.Difference);
        Assert.IsGreaterThan(0, gap.Interval.Lower);
        var same = audits.Compare(fair, fair, options: options);
        Assert.IsTrue(same.Summaries.All(one => one.Difference == 0 && one.Interval is { Lower: 0, Upper: 0 }), same.ToString());
        CollectionAssert.Contains(same.Summaries.Select(one => one.Name).ToArray(), "Sex: AreaUnderRocCurve max - min");
        StringAssert.Contains(paired.ToString(), "Both scored the same rows.");
    }

    private sealed class Told : IProgress<double>
    {
        internal List<double> Shares { get; } = [];

        public void Report(double value)
        {
            lock (Shares)
                Shares.Add(value);
        }
    }
}
