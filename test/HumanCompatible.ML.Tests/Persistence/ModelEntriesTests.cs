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
        Refused(state with { Primal = [], Average = [] }, "the state of the primal optimizer must be of 4 arrays, got 0.");
        Refused(state with { Primal = [.. state.Primal.Take(3)], Average = [] }, "the state of the primal optimizer must be of 4 arrays, got 3.");
        Refused(state with { Primal = [first with { FirstMoment = [1] }, .. state.Primal.Skip(1)] },
            $"what is known of 'layers.0.weight' must have {first.FirstMoment.Length} numbers.");
        Refused(state with { Primal = [first with { Step = 1 }, .. state.Primal.Skip(1)] },
            "what is known of 'layers.0.bias' must be of the steps of the other arrays.");
        Refused(state with { Primal = [first with { SecondMoment = [.. first.SecondMoment.Select(_ => -1f)] }, .. state.Primal.Skip(1)] },
            "'primal.0.second' must not be negative.");
        Refused(state with { Primal = [first with { FirstMoment = [.. first.FirstMoment.Select(_ => float.NaN)] },
            .. state.Primal.Skip(1)] }, "The tensor 'primal.0.first' must hold finite numbers, got NaN at position 0.");
        Refused(state with { Statistics = [double.PositiveInfinity] },
            "The tensor 'smoothing.statistics' must hold finite numbers, got Infinity at position 0.");
        Refused(state with { Average = [.. state.Average.Select(_ => new float[] { 1 })] },
            $"what is known of 'layers.0.weight' must have {first.FirstMoment.Length} numbers.");
        Refused(state with { Margins = [1] }, "there must be 2 margins, got 1.");
        Refused(state with { Margins = [double.NaN, 0] }, "'margins' must hold no NaN and no infinity.");
        Refused(state with { Epoch = 1 }, "it must be of the last epoch, 2, got 1.");
        Refused(state with { Weights = new NetworkWeights([.. state.Weights.Arrays.Take(3)]) },
            "its weights must have the names and shapes of those of the model.");

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
