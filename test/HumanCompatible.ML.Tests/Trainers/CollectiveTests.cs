using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Collectives;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Several members that read different rows train the model that one trains on all of them. Here they are threads.</summary>
[TestClass]
public sealed class CollectiveTests
{
    private static readonly List<Person> People = Census.People(650);

    private static readonly Dictionary<string, Action<ConstrainedBinaryClassificationTrainer.Options>> Cases = new()
    {
        ["no constraint"] = options => (options.Constraints, options.ValidationFraction) = ([], 0.2),
        ["groups of every type"] = options => options.Constraints = [Fairness.DemographicParity("Region", 0.05),
            Fairness.EqualOpportunity(["Sex", "Veteran"], 0.1), Fairness.LossParity("Household", 0.2),
            Fairness.AccuracyParity("District", 0.1)],
        ["weights, confidence"] = options => (options.ExampleWeightColumnName, options.ConfidenceLevel) = ("Weight", 0.9),
        ["group-balanced batches"] = options => options.Groups.Sampling = BatchSampling.GroupBalanced,
        ["features as they are"] = options => options.FeatureEncoding = FeatureEncoding.None,
        ["layer normalization, momentum, clipping"] = options => (options.Network, options.Optimizer) = (
            Network.ResidualPerceptron(8, blocks: 1, Activation.GELU, normalization: Normalization.Layer),
            new PrimalOptions { Method = PrimalMethod.Sgd, Schedule = LearningRateSchedule.Cosine(), MaximumGradientNorm = 0.05 }),
        ["own network"] = options => options.Network = UserNetworks.Linear,
        ["once an epoch"] = options => options.DualOptimizer.OncePerEpoch = true,
    };

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Fit_SeveralMembers_IsThatOfOneOnAllRows(string name)
    {
        var ml = new MLContext(1);
        using var one = Fit(ml, name, ml.Data.LoadFromEnumerable(People), null);
        var models = Members.Together(3, member => Fit(new MLContext(member.Rank), name, Part(ml, member), member));

        var data = Census.View(ml, 300, seed: 9);
        var expected = Scored.Of(one.Transform(data)).Select(row => row.Score).ToList();
        foreach (var model in models)
        {
            var scores = Scored.Of(model.Transform(data)).Select(row => row.Score).ToList();
            Assert.IsLessThan(2e-3, expected.Zip(scores, (a, b) => Math.Abs(a - b)).Max(), name);
            Assert.AreEqual(one.Model.Summary.TrainingRows, model.Model.Summary.TrainingRows);
            Assert.AreEqual(one.Model.Summary.ValidationAccuracy, model.Model.Summary.ValidationAccuracy, 0.02);
            CollectionAssert.AreEqual(one.Model.Duals.Select(dual => dual.Inequality).ToList(),
                model.Model.Duals.Select(dual => dual.Inequality).ToList());
            foreach (var entry in new[] { ModelArchive.Weights, ModelArchive.Encoding, ModelArchive.History })
            {
                CollectionAssert.AreEqual(ModelArchive.Save(ml, models[0], data.Schema)[entry],
                    ModelArchive.Save(ml, model, data.Schema)[entry], entry);
            }

            model.Model.Dispose();
        }
    }

    [TestMethod]
    public void Fit_MemberWithOtherFeatures_TellsAll()
    {
        var ml = new MLContext(1);
        var problems = new List<Exception>();
        Members.Together(2, member =>
        {
            try
            {
                var data = Part(ml, member);
                Fit(ml, "no constraint", member.Rank == 0 ? data : ml.Transforms.Concatenate("Features", "Features", "Features").Fit(data)
                    .Transform(data), member);
            }
            catch (Exception problem) when (problem is InvalidOperationException or TeamFailedException)
            {
                lock (problems)
                    problems.Add(problem);
            }

            return 0;
        });
        Assert.HasCount(2, problems);
        foreach (var problem in problems)
            StringAssert.StartsWith(problem.Message, "Member 1 has ");
    }

    [TestMethod]
    public void Fit_MemberWithoutAColumn_EndsAll()
    {
        var ml = new MLContext(1);
        var problems = Members.Together(2, member =>
        {
            var data = Part(ml, member);
            return Assert.Throws<Exception>(() => Fit(ml, "no constraint", member.Rank == 0 ? data
                : ml.Transforms.SelectColumns("Label").Fit(data).Transform(data), member)).Message;
        });
        Assert.AreEqual(problems[1], problems[0]);
        StringAssert.Contains(problems[0], "Features");
    }

    [TestMethod]
    public void Fit_MemberOfNoRowThatIsTrainedOn_TellsAll()
    {
        var ml = new MLContext(1);
        var told = Enumerable.Range(1, 20).Select(seed => Members.Together(2, member =>
        {
            try
            {
                Fit(ml, "no constraint", ml.Data.LoadFromEnumerable(member.Rank == 0 ? People[1..] : People[..1]), member,
                    options => (options.Seed, options.ValidationFraction, options.NumberOfEpochs) = (seed, 0.5, 1)).Model.Dispose();
                return "";
            }
            catch (Exception problem)
            {
                return problem.Message;
            }
        })).First(messages => messages[0].Length > 0);
        foreach (var message in told)
            Assert.AreEqual("Of the rows that member 1 has read none is trained on: give it more.", message);
    }

    [TestMethod]
    public void BinaryClassification_CollectiveAndCustomConstraint_IsRefused()
    {
        var options = Workout.Small(Fairness.Custom("own", ["Sex"], 0.1, batch => batch.GroupMeans(batch.Predictions)));
        options.Collective = new ThreadTeam(2).Members[0];
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new MLContext(1).Constrained().Trainers.BinaryClassification(options)).Message,
            "own: a custom constraint is no sum over rows, so that a Collective cannot train it.");
    }

    [TestMethod]
    public void BinaryClassification_CollectiveAndWhatOneAloneCanDo_IsRefused()
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.02));
        options.Collective = new ThreadTeam(2).Members[0];
        options.Network = Network.MultilayerPerceptron([4], Activation.ReLU, normalization: Normalization.Batch);

        var problem = Assert.ThrowsExactly<ArgumentException>(() => new MLContext(1).Constrained().Trainers.BinaryClassification(options));

        StringAssert.Contains(problem.Message, "Network must not have Normalization.Batch with a Collective: what it normalizes by is no "
            + "sum over rows. Normalization.Layer can be trained.");
        options.Collective = new ThreadTeam(1).Members[0];
        new MLContext(1).Constrained().Trainers.BinaryClassification(options);
    }

    [TestMethod]
    public void Fit_OwnNetworkOfWholeBatches_TellsAll()
    {
        var ml = new MLContext(1);
        var problems = Members.Together(2, member => Assert.Throws<Exception>(
            () => Fit(ml, "no constraint", Part(ml, member), member, options => options.Network = UserNetworks.Deep)).Message);
        foreach (var problem in problems)
            StringAssert.StartsWith(problem, "The network keeps statistics of its batches, as batch normalization does");
    }

    [TestMethod]
    public void Fit_AfterAnInterruption_EndsAsIfThereWereNone()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "run.checkpoint");
        var expected = Members.Together(2, member => Fit(new MLContext(1), "groups of every type", Part(new MLContext(1), member), member,
            options => options.NumberOfEpochs = 4));

        // The first has the file; where the second would have it, there is no folder.
        Action<ConstrainedBinaryClassificationTrainer.Options> Keep(ICollective member) => options
            => (options.NumberOfEpochs, options.Checkpoint)
            = (4, new CheckpointOptions { Path = member.Rank == 0 ? path : Path.Combine(path, "not", "there") });
        var canceled = Members.Together(2, member =>
        {
            using var cancellation = new CancellationTokenSource();
            var progress = new ToldEpochs(epoch =>
            {
                if (epoch == 2)
                    cancellation.Cancel();
            });
            var callbacks = new TrainingCallbacks { Progress = progress, CancellationToken = cancellation.Token };
            return Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(new MLContext(1), "groups of every type",
                Part(new MLContext(1), member), member, Keep(member), callbacks)).Epoch;
        });
        CollectionAssert.AreEqual(new[] { 3, 3 }, canceled);
        Assert.IsTrue(File.Exists(path));
        var again = new ToldEpochs();
        var resumed = Members.Together(2, member => Fit(new MLContext(1), "groups of every type", Part(new MLContext(1), member), member,
            Keep(member), new() { Progress = member.Rank == 0 ? again : null }));

        Assert.AreEqual(3, again.Seen[0]);
        Assert.IsFalse(File.Exists(path), "It is deleted once there is a model.");
        var data = Census.View(new MLContext(1), 300, seed: 9);
        foreach (var model in resumed)
        {
            CollectionAssert.AreEqual(Scored.Of(expected[0].Transform(data)).Select(row => row.Score).ToList(),
                Scored.Of(model.Transform(data)).Select(row => row.Score).ToList());
        }
    }

    [TestMethod]
    public void Fit_MembersWithOtherOptions_TellsAllWhich()
    {
        var ml = new MLContext(1);
        var problems = Members.Together(2, member => Assert.ThrowsExactly<InvalidOperationException>(
            () => Fit(ml, "no constraint", Part(ml, member), member, options =>
            {
                (options.BatchSize, options.Seed, options.NumberOfThreads) = (32 + member.Rank, member.Rank, 1 + member.Rank);
                options.Checkpoint = member.Rank == 0 ? null : new CheckpointOptions { Path = "run.checkpoint" };
            })).Message);
        foreach (var problem in problems)
        {
            Assert.AreEqual("The members of a collective must have the same options. Member 1 has BatchSize 33, where the first has 32. "
                + "Member 1 has Checkpoint there, where the first has null.", problem);
        }
    }

    // Parts of different sizes: the first rows, then the others.
    private static IDataView Part(MLContext ml, ICollective member)
    {
        var end = member.Rank == member.Count - 1 ? People.Count : 100 * (member.Rank + 1);
        return ml.Data.LoadFromEnumerable(People[(100 * member.Rank)..end]);
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(MLContext ml, string name, IDataView data,
        ICollective? collective, Action<ConstrainedBinaryClassificationTrainer.Options>? change = null, TrainingCallbacks? callbacks = null)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.02));
        Cases[name](options);
        change?.Invoke(options);
        options.Collective = collective;
        return ml.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(data);
    }
}
