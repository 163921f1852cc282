using System.Security.Cryptography;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>Entries altered at random: by accident, and on purpose, all digests right.</summary>
[TestClass]
public sealed class ModelEntriesTests
{
    private const string Refused = "The model file's entry '";

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
            StringAssert.StartsWith(Assert.ThrowsExactly<FormatException>(() => Read(entries, digest)).Message, $"{Refused}{name}'");
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
                StringAssert.StartsWith(error.Message, Refused);
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
