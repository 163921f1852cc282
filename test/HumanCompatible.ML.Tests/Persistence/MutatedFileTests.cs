using System.Collections.Concurrent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>
/// Thousands of files that are not what was saved: each loads as the model that was, or is refused by a FormatException of a few words; no
/// crash, no other exception, no memory that the file does not have.
/// </summary>
[TestClass]
public sealed class MutatedFileTests
{
    private const int OfEachKind = 120;
    private const int LongestMessage = 500;
    private const long MostAllocated = 100_000_000;

    private static readonly ConcurrentDictionary<string, (byte[] File, IDataView Data, float[] Scores)> Saved = new();

    public static IEnumerable<object[]> Cases => new[] { "binary", "multiclass", "regression" }
        .SelectMany(task => Enum.GetNames<FileMutations.Kind>().Select(kind => new object[] { task, kind }));

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Load_AMutatedFile_GivesTheModelOrRefusesIt(string task, string kind)
    {
        var (file, data, scores) = Saved.GetOrAdd(task, Save);
        var what = Enum.Parse<FileMutations.Kind>(kind);
        var mutations = new FileMutations(file, ((int)what * 1000) + task.Length);
        var refused = 0;
        for (var index = 0; index < OfEachKind; index++)
        {
            var mutated = mutations.Next(what);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ITransformer? model = null;
            try
            {
                model = new MLContext().Constrained().Model.Load(new MemoryStream(mutated), out _);
            }
            catch (FormatException error)
            {
                refused++;
                Assert.IsLessThanOrEqualTo(LongestMessage, error.Message.Length, error.Message);
            }

            Assert.IsLessThan(MostAllocated, GC.GetAllocatedBytesForCurrentThread() - before, $"{index}");

            // What is altered with all its digests is another model, but one that can be used.
            if (model is null)
                continue;
            var given = Scores(model, data);
            if (what is FileMutations.Kind.DigestedBit or FileMutations.Kind.Json or FileMutations.Kind.Numbers)
                Assert.HasCount(scores.Length, given);
            else
                CollectionAssert.AreEqual(scores, given, $"{index}");
        }

        Assert.IsGreaterThan(what is FileMutations.Kind.Numbers ? OfEachKind / 4 : OfEachKind / 2, refused);
    }

    private static float[] Scores(ITransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(scores => scores)] : [.. scored.GetColumn<float>("Score")];
    }

    // A pipeline: entries of ML.NET's stand beside ours.
    private static (byte[] File, IDataView Data, float[] Scores) Save(string task)
    {
        var context = new MLContext(1);
        var data = Worker.View(context, 300);
        IEstimator<ITransformer> trainer = task switch
        {
            "binary" => context.Constrained().Trainers.BinaryClassification(With(new ConstrainedBinaryClassificationTrainer.Options
            {
                LabelColumnName = "Veteran",
                Constraints = [Fairness.DemographicParity(["Sex", "Region"], 0.1)],
            })),
            "multiclass" => context.Constrained().Trainers.MulticlassClassification(
                With(new ConstrainedMulticlassClassificationTrainer.Options
                {
                    Constraints = [Fairness.EqualizedOdds("Sex", 0.1)],
                })),
            _ => context.Constrained().Trainers.Regression(With(new ConstrainedRegressionTrainer.Options
            {
                LabelColumnName = "Wage",
                ConfidenceLevel = 0.9,
                Constraints = [Fairness.MeanParity("Sex", 3_000)],
            })),
        };
        var model = context.Transforms.NormalizeMinMax("Features").Append(trainer).Fit(data);
        using var stream = new MemoryStream();
        context.Model.Save(model, data.Schema, stream);
        return (stream.ToArray(), data, Scores(model, data));

        static TOptions With<TOptions>(TOptions options)
            where TOptions : ConstrainedTrainerOptions
        {
            Worker.Small(options).KeepTrainingState = true;
            return options;
        }
    }
}
