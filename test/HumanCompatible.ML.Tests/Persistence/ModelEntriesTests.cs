using System.Security.Cryptography;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>Entries altered at random: by accident, and on purpose, all digests right.</summary>
[TestClass]
public sealed class ModelEntriesTests
{
    private const string RefusedEntry = "The model file's entry '";

    private static readonly TrainedModel Model = Train();

    public static IEnumerable<object[]> Names => ModelEntries.Write(Model).Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Read_AnyBitFlippedOrTailCut_IsRefused(string name)
    {
        var written = ModelEntries.Write(Model);
        var digest = ModelEntries.Digest(written[ModelManifest.Name]);
        foreach (var altered in Spoiled(written[name], 60))
        {
            var entries = new Dictionary<string, byte[]>(written) { [name] = altered };
            StringAssert.StartsWith(Assert.ThrowsExactly<FormatException>(() => Read(entries, digest)).Message, $"{RefusedEntry}{name}'");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Read_AnyBitFlippedOrTailCutAndTheDigestsMade_IsRefusedOrAModel(string name)
    {
        var written = ModelEntries.Write(Model);
        var refused = 0;
        foreach (var altered in Spoiled(written[name], 150))
        {
            var entries = new Dictionary<string, byte[]>(written) { [name] = altered };
            if (name != ModelManifest.Name)
            {
                var manifest = ModelManifest.Read(written[ModelManifest.Name], LearningTask.BinaryClassification);
                var digests = new Dictionary<string, EntryDigest>(manifest.Entries) { [name] = EntryDigest.Of(altered) };
                entries[ModelManifest.Name] = ModelJson.Write(manifest with { Entries = digests });
            }

            try
            {
                Read(entries, ModelEntries.Digest(entries[ModelManifest.Name]));
            }
            catch (FormatException error)
            {
                StringAssert.StartsWith(error.Message, RefusedEntry);
                refused++;
            }
        }

        Assert.IsGreaterThan(40, refused);
    }

    [TestMethod]
    public void Read_ALimit_IsAskedForBeforeAnEntryIsRead()
    {
        var written = ModelEntries.Write(Model);
        var limits = new Dictionary<string, long>();

        ModelEntries.Read((name, limit) =>
        {
            limits[name] = limit;
            return written[name];
        }, ModelEntries.Digest(written[ModelManifest.Name]), LearningTask.BinaryClassification);

        Assert.HasCount(9, limits);
        foreach (var (name, bytes) in written)
            Assert.AreEqual(name == ModelManifest.Name ? ModelManifest.MaximumBytes : bytes.Length, limits[name], name);
    }

    // What is valid by itself, but of another training than the rest.
    [TestMethod]
    public void Read_AStateOfAnotherTraining_IsRefused()
    {
        var state = Model.TrainingState!;
        var first = state.Primal[0];
        const string Primal = "the state of the primal optimizer must be of arrays of the network, in their order.";
        Refused(state with { Primal = [], Average = [] }, Primal);
        Refused(state with { Primal = [.. state.Primal.Reverse()], Average = [] }, Primal);
        Refused(state with { Primal = [first with { FirstMoment = [1] }, .. state.Primal.Skip(1)] },
            Primal);
        Refused(state with { Primal = [first with { SecondMoment = [1] }, .. state.Primal.Skip(1)] },
            "'primal.0.second' must have as many numbers as 'primal.0.first', or none of them any.");
        Refused(state with { Primal = [first with { Center = [1] }, .. state.Primal.Skip(1)] },
            "'primal.0.center' must have as many numbers as 'primal.0.first', or none of them any.");
        Refused(state with { Primal = [first with { Step = 1 }, .. state.Primal.Skip(1)] },
            "'primal.steps' must be the same of all, and not negative.");
        Refused(state with { Primal = [first with { SecondMoment = [.. first.SecondMoment.Select(_ => -1f)] }, .. state.Primal.Skip(1)] },
            "'primal.0.second' must not be negative.");
        var undefined = first with { FirstMoment = [.. first.FirstMoment.Select(_ => float.NaN)] };
        Refused(state with { Primal = [undefined, .. state.Primal.Skip(1)] },
            "The tensor 'primal.0.first' must hold finite numbers, got NaN at position 0.");
        Refused(state with { Statistics = [double.PositiveInfinity] },
            "The tensor 'smoothing.statistics' must hold finite numbers, got Infinity at position 0.");
        Refused(state with { Average = [.. state.Average.Select(_ => new float[] { 1 })] },
            "'average.0' must have as many numbers as 'primal.0.first'.");
        Refused(state with { Margins = [1] }, "there must be 2 margins, got 1.");
        Refused(state with { Margins = [double.NaN, 0] }, "'margins' must hold no NaN and no positive infinity.");
        Refused(state with { Epoch = 1 }, "it must be of the last epoch, 2, got 1.");
        var fewer = new NetworkWeights([.. state.Weights.Arrays.Take(3)]);
        const string Weights = "its weights must have the names and shapes of those of the model.";
        Refused(state with { Weights = fewer }, Weights);
        Refused(state with { Unmixed = fewer }, Weights);

        void Refused(TrainingState other, string message)
        {
            var entries = ModelEntries.Write(Model with { TrainingState = other });
            Assert.AreEqual($"{RefusedEntry}TrainingState.safetensors' cannot be read: {message}", Assert.ThrowsExactly<FormatException>(
                () => Read(new(entries), ModelEntries.Digest(entries[ModelManifest.Name]))).Message);
        }
    }

    [TestMethod]
    public void Read_DualsOfAnotherTraining_AreRefused()
    {
        var duals = Model.DualState!;
        var none = duals with { Blocks = [] };
        Refused("Duals.json", Model with { DualState = none });
        Refused("TrainingDuals.json", Model with { TrainingState = Model.TrainingState! with { Duals = none } });

        static void Refused(string entry, TrainedModel model)
        {
            var entries = ModelEntries.Write(model);
            Assert.AreEqual(
                $"{RefusedEntry}{entry}' cannot be read: its blocks must be the constraints, with as many multipliers as each has.",
                Assert.ThrowsExactly<FormatException>(
                    () => Read(new(entries), ModelEntries.Digest(entries[ModelManifest.Name]))).Message);
        }
    }

    [TestMethod]
    public void Of_Entry_IsItsLengthAndTheSha256OfItsBytes()
    {
        var digest = EntryDigest.Of("abc"u8.ToArray());

        // FIPS 180-2, appendix B.1.
        Assert.AreEqual(new EntryDigest(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), digest);
        CollectionAssert.AreEqual(SHA256.HashData("abc"u8), ModelEntries.Digest("abc"u8.ToArray()));
    }

    // A model with every entry.
    private static TrainedModel Train()
    {
        var context = new MLContext(1);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.KeepTrainingState = true;
        return context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 300)).Model.Trained;
    }

    private static TrainedModel Read(Dictionary<string, byte[]> entries, byte[] digest)
        => ModelEntries.Read((name, _) => entries.GetValueOrDefault(name), digest, LearningTask.BinaryClassification);

    private static IEnumerable<byte[]> Spoiled(byte[] bytes, int count)
    {
        var random = new Random(bytes.Length);
        for (var index = 0; index < count; index++)
        {
            if (index % 4 == 3)
            {
                yield return bytes[..random.Next(bytes.Length)];
                continue;
            }

            byte[] altered = [.. bytes];
            altered[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            yield return altered;
        }
    }
}
