using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests;

/// <summary>The texts of records have a decimal point whatever the culture.</summary>
[TestClass]
public sealed class RecordTextTests
{
    private static readonly List<object> Records =
    [
        new Multiplier("Parity", "Parity: a - b <= 0.5", 0.125),
        new ConfidenceInterval(0.25, 0.75),
        Fairness.DemographicParity("Sex", 0.05),
        Fairness.BoundedGroupLoss("Sex", 0.5),
        new ConstrainedBinaryClassificationTrainer.Options { LearningRate = 0.25 },
        new InexactAugmentedLagrangianOptions { Beta = 0.25 },
        new MoreauEnvelopeOptions { Mu = 0.25 },
        new ModelOrigin(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "HumanCompatible.ML 0.1", "00"),
        new EpochHistory(1, 0.25, 0.5, 0.75, [0.125, double.NaN], [-0.5]),
        new TrainingProgress(new EpochHistory(2, 0.25, 0.5, 0.75, [], []), 3, 1),
    ];

    public static IEnumerable<object[]> Cases => Records.Select((record, index) => new object[] { index, record.GetType().Name });

    [TestMethod]
    public void ToString_OfAMultiplier_IsThatOfARecord() => Assert.AreEqual(
        "Multiplier { Constraint = Parity, Inequality = Parity: a - b <= 0.5, Value = 0.125 }", Records[0].ToString());

    [TestMethod]
    public void ToString_OfLists_HasTheirItems()
    {
        var parity = Fairness.DemographicParity("Sex", 0.05);
        static string TextWith(params IReadOnlyList<FairnessConstraint> constraints)
            => new ConstrainedBinaryClassificationTrainer.Options { Constraints = constraints }.ToString();

        Assert.Contains($"Constraints = [{parity}], ", TextWith(parity));
        Assert.Contains($"Constraints = [{parity}, {parity with { Bound = 0.5 }}], ", TextWith(parity, parity with { Bound = 0.5 }));
        Assert.Contains("Constraints = [], ", TextWith());
        Assert.Contains($"Constraints = [{parity}], ", TextWith(new List<FairnessConstraint> { parity }));
    }

    [TestMethod]
    public void ToString_OfEveryRecordHere_NamesNoTypeOfLists()
    {
        foreach (var record in Records)
            Assert.DoesNotMatchRegex("System\\.|z__|\\[\\]`", record.ToString());
    }

    [TestMethod]
    public void ToString_OfHistoryAndProgress_IsALineToRead()
    {
        Assert.AreEqual("epoch 1: loss 0.2500 (validation 0.5000), accuracy 0.7500, audited [0.1250, NaN], multipliers [-0.5000]",
            Records.OfType<EpochHistory>().Single().ToString());
        Assert.AreEqual("epoch 2 of 3: loss 0.2500 (validation 0.5000), accuracy 0.7500; best is epoch 1",
            Records.OfType<TrainingProgress>().Single().ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ToString_UnderAnotherCulture_IsTheSame(int index, string name)
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
        var expected = Records[index].ToString()!;
        StringAssert.StartsWith(expected, name is nameof(EpochHistory) or nameof(TrainingProgress) ? "epoch " : name + " { ");
        StringAssert.Contains(expected, "0.");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.AreEqual(expected, Records[index].ToString());
            Assert.AreSame(comma, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // The compiler's own ToString writes numbers in the culture of the thread.
    [TestMethod]
    public void ToString_OfEveryPublicRecordWithNumbersOrDates_IsNotTheCompilers()
    {
        var compilers = typeof(Fairness).Assembly.GetExportedTypes()
            .Where(type => type.GetMethod("<Clone>$") is not null)
            .Where(type => type.GetProperties().Any(property => IsOfTheCulture(property.PropertyType)))
            .Where(type => type.GetMethod(nameof(ToString), [])!.GetCustomAttribute<CompilerGeneratedAttribute>() is not null)
            .Select(type => type.Name).ToArray();

        Assert.IsEmpty(compilers, string.Join(", ", compilers));
    }

    private static bool IsOfTheCulture(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain
        && typeof(IFormattable).IsAssignableFrom(plain) && !plain.IsEnum;
}
