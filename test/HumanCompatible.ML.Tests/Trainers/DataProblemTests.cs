using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Data that cannot be trained on: the message names the row and the column, or the group, and nothing is left behind.</summary>
[TestClass]
public sealed class DataProblemTests
{
    private static readonly MLContext ML = new(1);

    // What is done to the people, the options, the message.
    private static readonly List<(Action<List<Person>> Spoil, Action<ConstrainedBinaryClassificationTrainer.Options> Change,
        string Message)> Table =
    [
        (people => people.Clear(), Default, "The data has no rows."),
        (people => people[3].Features[2] = float.NaN, Default,
            "The feature column 'Features' holds NaN in row 3, slot 2: replace missing values before training, as "
                + "ReplaceMissingValues(\"Features\") does, or set EncodeMissingValues."),
        (people => people[99].Features[4] = float.NegativeInfinity, Default,
            "The feature column 'Features' holds -Infinity in row 99, slot 4: features must be finite."),
        (people => people[12].Features = people[12].Features[..4], Default,
            "Row 12 of the feature column 'Features' has 4 slots, but should have 5."),
        (people => people[12].Features = [.. people[12].Features, 1], Default,
            "Row 12 of the feature column 'Features' has 6 slots, but should have 5."),
        (people => people[12].Features = null!, Default,
            "Row 12 of the feature column 'Features' has 0 slots, but should have 5."),
        (people => people[7].Number = float.NaN, options
            => options.LabelColumnName = "Number", "The label column 'Number' is missing in row 7."),
        (people => people[7].Number = 0.5f, options
            => options.LabelColumnName = "Number", "The label column 'Number' holds 0.5 in row 7: a binary label is 0 or 1."),
        (people => people[7].Number = -1, options
            => options.LabelColumnName = "Number", "The label column 'Number' holds -1 in row 7: a binary label is 0 or 1."),
        (people => people[7].Key = 5, options => options.LabelColumnName = "Key", "The label column 'Key' is missing in row 7."),
        (people => people[7].Weight = -0.5f, options
            => options.ExampleWeightColumnName = "Weight",
            "The weight column 'Weight' holds -0.5 in row 7: a weight is finite and at least 0."),
        (people => people[7].Weight = float.NaN, options
            => options.ExampleWeightColumnName = "Weight",
            "The weight column 'Weight' holds NaN in row 7: a weight is finite and at least 0."),
        (people => people.ForEach(person => person.Weight = 0), options
            => options.ExampleWeightColumnName = "Weight", "The weight column 'Weight' is 0 in every row."),
        (people => people[7].District = 0.5f, options
            => options.Constraints = [Fairness.DemographicParity("District", 0.1)],
            "Group column 'District' holds 0.5 in row 7; a numeric group column must hold whole numbers."),
        (people => Number(people), options => options.Constraints = [Fairness.DemographicParity("Household", 0.1)],
            "Group column 'Household' has more than 1,000 different values; a group column must name groups, not rows."),
        (people => people.ForEach(person => person.Label = true), Default,
            "Every label in the data (column 'Label') is positive: a classifier needs both classes."),
        (people => people.ForEach(person => person.Label = false), options
            => options.Constraints = [], "Every label in the data (column 'Label') is negative: a classifier needs both classes."),
        (people => people.ForEach(person => person.Sex = "Male"), Default,
            "DemographicParity(Sex): the data has one group only, 'Male': there is nothing to compare."),
        (people => people.RemoveAll(person => person is { Sex: "Female", Label: true }), options
            => options.Constraints = [Fairness.EqualOpportunity("Sex", 0.1)],
            "EqualOpportunity(Sex): the data has one group only, 'Male': there is nothing to compare. Left out: Female (no positive "
            + "rows)."),
        (people => people.RemoveAll(person => person is { Sex: "Female", Label: true }), options
            => (options.Constraints, options.Groups.UndefinedRates) = ([Fairness.EqualOpportunity("Sex", 0.1)], GroupPolicy.Error),
            "EqualOpportunity(Sex): group 'Female' has no positive rows in the data: its statistic is not defined."),
        (people => people.RemoveAll(person => person is { Sex: "Female", Label: false }), options
            => options.Constraints = [Fairness.PredictiveEquality("Sex", 0.1)],
            "PredictiveEquality(Sex): the data has one group only, 'Male': there is nothing to compare. Left out: Female (no negative "
            + "rows)."),
        (people => people.Where(person => person.Sex == "Female").ToList().ForEach(person => person.Weight = 0), options
            => options.ExampleWeightColumnName = "Weight",
            "DemographicParity(Sex): the data has one group only, 'Male': there is nothing to compare. Left out: Female (41 rows, all "
            + "of weight 0)."),
        (people => people.ForEach(person => person.Features = [1, 2, 3, 4, 5]), options
            => options.FeatureEncoding = FeatureEncoding.Automatic,
            "Every feature has the same value in all training rows: there is nothing to learn from."),
        (KeepOneOfEachClass, Unconstrained,
            "ValidationFraction 0.2 of 2 rows is less than half a row, so that none is held out: give more rows, validation data, or "
            + "ValidationFraction = 0."),
        (people => people.Where(person => person.Label).ToList().ForEach(person => person.Weight = 0), options
            => (options.ExampleWeightColumnName, options.Constraints) = ("Weight", []),
            "Every positive row of the data has weight 0: a classifier needs both classes."),
        (people => people.Where(person => !person.Label).ToList().ForEach(person => person.Weight = 0), options
            => (options.ExampleWeightColumnName, options.Constraints) = ("Weight", []),
            "Every negative row of the data has weight 0: a classifier needs both classes."),
        (people => people.Where(person => person is { Sex: "Female", Label: true }).ToList().ForEach(person => person.Weight = 0), options
            => (options.ExampleWeightColumnName, options.Constraints) = ("Weight", [Fairness.EqualizedOdds("Sex", 0.1)]),
            "EqualizedOdds(Sex): fewer than two groups of the data have positive rows of positive weight: there is nothing to compare. "
            + "Left out: Female (6 positive rows, all of weight 0, so that only its other rates are bound)."),
        (people => Number(people, 50), options => options.Constraints = [Fairness.DemographicParity("Household", 0.1)],
            "Group column 'Household' has 100 different values in 150 rows; a group column must name groups, not rows."),
        (_ => { }, options => options.Constraints =
            [Fairness.RateAtLeast(GroupMetric.SelectionRate, [], 0.6), Fairness.RateAtMost(GroupMetric.SelectionRate, "Veteran", 0.4)],
            "SelectionRateAtLeast and SelectionRateAtMost(Veteran) cannot both hold: SelectionRate would have to be at least 0.6 and at "
            + "most 0.4."),
        (_ => { }, options => options.Constraints =
            [Fairness.DemographicParity("Sex", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "Nobody" }],
            "DemographicParity(Sex to Nobody): there is no group 'Nobody'; the groups are 'Female'; 'Male'."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: null", (_, _) => null!),
            "The factory of the network 'tests: null' gave null for 5 features and 1 outputs."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: shape", (inputs, _) => torch.nn.Linear(inputs, 3)),
            "The network 'tests: shape' must give outputs of shape [64, 1], got [64, 3]."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: double",
            (inputs, _) => new OddModule(inputs, outputs => outputs.to(torch.ScalarType.Float64))),
            "The network 'tests: double' must give outputs of type Float32, got Float64."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: no output",
            (inputs, _) => new OddModule(inputs, _ => null!)),
            "The network 'tests: no output' must give outputs, got null."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: detached",
            (inputs, _) => new OddModule(inputs, outputs => outputs.detach())),
            "The network 'tests: detached' must give outputs that follow from its parameters, got some that no gradient leads back from."),
        (_ => { }, options => options.Network = NetworkRegistry.Register("tests: empty", (_, _) => torch.nn.ReLU()),
            "The network 'tests: empty' cannot be trained: it has no parameters (are its layers fields, and does its constructor call "
            + "RegisterComponents()?)."),
        (_ => { }, options => options.Network =
            NetworkRegistry.Register("tests: throws", (_, _) => throw new InvalidOperationException("from the factory")),
            "from the factory"),
    ];

    public static IEnumerable<object[]> Problems => Table.Select((item, index) => new object[] { index, item.Message });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Fit_DataThatCannotBeTrainedOn_SaysWhyAndWhereAndLeavesNothing(int index, string message)
    {
        var people = Census.People(100);
        Table[index].Spoil(people);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        (options.FeatureEncoding, options.BatchSize) = (FeatureEncoding.None, 64);
        Table[index].Change(options);
        var trainer = ML.Constrained().Trainers.BinaryClassification(options);
        var data = ML.Data.LoadFromEnumerable(people);
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data));

        Assert.AreEqual(message, error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_SeveralProblems_AreToldAtOnce()
    {
        var people = Census.People(100).Where(person => person.Sex == "Male" && !person.Label).ToList();
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1), Fairness.EqualOpportunity("Veteran", 0.1));

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(ML.Data.LoadFromEnumerable(people)));

        string[] expected =
        [
            "The data cannot be trained on:",
            "- every label in the data (column 'Label') is negative: a classifier needs both classes.",
            "- DemographicParity(Sex): the data has one group only, 'Male': there is nothing to compare.",
            "- EqualOpportunity(Veteran): the data has no group left. Left out: False (no positive rows); True (no positive rows).",
        ];
        CollectionAssert.AreEqual(expected, error.Message.Split(Environment.NewLine));
    }

    [TestMethod]
    public void Fit_MissingValueInANamedSlot_NamesTheSlot()
    {
        var people = Census.People(100);
        people[5].District = float.NaN;
        var data = ML.Data.LoadFromEnumerable(people);
        var named = ML.Transforms.Concatenate("Features", "Number", "District").Fit(data).Transform(data);

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(named));

        Assert.AreEqual("The feature column 'Features' holds NaN in row 5, slot 1 (District): replace missing values before training, "
            + "as ReplaceMissingValues(\"Features\") does, or set EncodeMissingValues.",
            error.Message);
    }

    [TestMethod]
    [DataRow(new[] { 3, 1 })]
    [DataRow(new[] { 2, 2 })]
    [DataRow(new[] { 1, 5 })]
    [DataRow(new[] { -1, 1 })]
    public void Fit_SparseRowWhoseNumbersAreNotThoseOfSlots_NamesTheRow(int[] slots)
    {
        var people = Census.People(100);
        var index = 0;
        var data = ML.Data.LoadFromEnumerable(people.Select(person => new SparsePerson
        {
            Features = index++ == 41 ? new VBuffer<float>(Census.FeatureCount, 2, [1, 1], slots)
                : new VBuffer<float>(Census.FeatureCount, person.Features),
            Label = person.Label,
            Sex = person.Sex,
        }));

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(data));

        Assert.AreEqual("Row 41 of the feature column 'Features' is sparse, and the numbers of its slots are not different, increasing and "
            + $"below {Census.FeatureCount}.", error.Message);
    }

    private sealed class SparsePerson
    {
        [VectorType(Census.FeatureCount)]
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }

        public string Sex { get; set; } = "";
    }

    [TestMethod]
    public void Fit_OnADeviceThatIsNotThere_SaysSo()
    {
        if (torch.cuda.is_available())
            Assert.Inconclusive("This machine has a CUDA device.");
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        options.Device = "cuda:1";
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(ML, 100)));

        Assert.AreEqual("Device 'cuda:1' was asked for, but torch finds no CUDA device: reference the package "
            + "TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu, on a machine with an NVIDIA driver, or use "
            + "'cpu' or 'auto'.", error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_OnADeviceThatIsNotThere_ReadsNoRow()
    {
        if (torch.cuda.is_available())
            Assert.Inconclusive("This machine has a CUDA device.");
        var options = Workout.Small();
        options.Device = "cuda";
        var read = 0;
        var data = ML.Data.LoadFromEnumerable(Census.People(100).Select(person =>
        {
            read++;
            return person;
        }));

        Assert.ThrowsExactly<InvalidOperationException>(() => ML.Constrained().Trainers.BinaryClassification(options).Fit(data));

        Assert.AreEqual(0, read);
    }

    private static void Default(ConstrainedBinaryClassificationTrainer.Options options)
    {
    }

    private static void Unconstrained(ConstrainedBinaryClassificationTrainer.Options options) => options.Constraints = [];

    private static void KeepOneOfEachClass(List<Person> people)
    {
        var (positive, negative) = (people.First(person => person.Label), people.First(person => !person.Label));
        people.RemoveAll(person => person != positive && person != negative);
    }

    private static void Number(List<Person> people, int more = 1000)
    {
        people.AddRange(Census.People(more, seed: 2));
        for (var index = 0; index < people.Count; index++)
            people[index].Household = more == 1000 ? index : index % 100;
    }
}
