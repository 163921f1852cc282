using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Tests.Collectives;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Experiments whose runs several members divide.</summary>
[TestClass]
public sealed class ExperimentCollectiveTests
{
    private static BinaryExperimentSettings Settings(ICollective? member)
    {
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.1));
        (settings.Collective, settings.NumberOfParallelTrials) = (member, 1 + (member?.Rank ?? 0));
        return settings;
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Execute_BySeveralMembers_IsThatOfOne(int count)
    {
        var expected = SmallExperiments.Told(SmallExperiments.Run(Settings(null)));

        foreach (var result in Members.Together(count, member => SmallExperiments.Told(SmallExperiments.Run(Settings(member)))))
            Assert.AreEqual(expected, result);
    }

    [TestMethod]
    public void Execute_ManyRowsBySeveralMembers_JudgesFinalistsInThreeFolds()
    {
        static string Run(ICollective? member)
        {
            var context = new MLContext(1);
            var settings = Settings(member) with { MaxModels = 3 };
            settings.Options.NumberOfEpochs = 4;
            var result = context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
                .Execute(SmallExperiments.People(context, ExperimentData.FewRows), testData: SmallExperiments.People(context, 400, 3));
            Assert.IsNull(result.WhyNotAllFolds);
            Assert.AreEqual(ExperimentData.FewRows, result.BestRun.JudgedVerdicts[0].Rows);
            return SmallExperiments.Told(result);
        }

        var expected = Run(null);
        foreach (var result in Members.Together(2, Run))
            Assert.AreEqual(expected, result);
    }

    [TestMethod]
    public void Execute_SeveralMembersOfWhichOneStops_GoOnFromTheFolderOfTheFirst()
    {
        using var cache = new CacheFolder();
        var expected = SmallExperiments.Told(SmallExperiments.Run(Settings(null)));
        string Run(ICollective member, CancellationTokenSource? source, List<RunDetail> told)
        {
            var settings = Settings(member) with { CacheDirectory = cache.Path, CancellationToken = source?.Token ?? default };
            return SmallExperiments.Told(SmallExperiments.Run(settings, new Listener<RunDetail>(run =>
            {
                told.Add(run);
                source?.Cancel();
            })));
        }

        // The second is told to stop once the first look at the round is over.
        _ = Members.Together(2, member =>
        {
            using var source = new CancellationTokenSource();
            return Run(member, member.Rank == 1 ? source : null, []);
        });
        var runs = File.ReadAllLines(cache.Journal).Length - 1;
        Assert.IsTrue(runs is > 0 and < 10, $"{runs} runs");
        var again = new List<RunDetail>();
        var results = Members.Together(2, member => Run(member, null, member.Rank == 0 ? again : []));

        foreach (var result in results)
            Assert.AreEqual(expected, result);
        Assert.HasCount(runs, again.Where(run => run.IsReused).ToList());
        CollectionAssert.IsSubsetOf(Directory.GetFileSystemEntries(Path.GetDirectoryName(cache.Path)!), new[] { cache.Path });
    }

    [TestMethod]
    public void Execute_MembersWithOtherExperiments_TellsAllWhatDiffers()
    {
        foreach (var problem in Members.Together(2, member => Assert.ThrowsExactly<InvalidOperationException>(
            () => SmallExperiments.Run(Settings(member) with { Seed = 5 + member.Rank }, count: 600 + member.Rank)).Message))
        {
            Assert.AreEqual("The members of a collective must have the same experiment, got others: seed, training data.", problem);
        }
    }
}
