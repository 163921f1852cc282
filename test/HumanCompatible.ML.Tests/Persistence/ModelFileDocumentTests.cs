using System.Text.Json.Serialization.Metadata;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>docs/model-file.md names all that a file may hold.</summary>
[TestClass]
public sealed class ModelFileDocumentTests
{
    private static readonly Type[] Documented = [typeof(ModelManifest), typeof(ModelOrigin), typeof(ModelExperiment),
        typeof(EntryDigest), typeof(Multiplier), typeof(TrainingSummary), typeof(ConstraintSummary), typeof(ConstraintConflict),
        typeof(EpochHistory), typeof(TrainingStateEntry.Numbers), typeof(DualOptimizerState)];

    [TestMethod]
    public void Document_NamesEveryMember()
    {
        var document = Document();
        var types = Documented.Concat(typeof(ModelManifest).Assembly.GetTypes().Where(type => !type.IsAbstract
            && (type.IsSubclassOf(typeof(FairnessConstraint)) || type.IsSubclassOf(typeof(NetworkDefinition))
                || type.IsSubclassOf(typeof(DualBlockState)))));
        foreach (var type in types)
        {
            foreach (var member in Members(type))
                Assert.IsTrue(document.Contains($"`{member}`") || document.Contains($".{member}`"), $"{type.Name}: {member}");
        }
    }

    [TestMethod]
    public void Document_NamesEveryEntry()
    {
        var document = Document();
        foreach (var entry in ModelEntries.Known.Append(ModelManifest.Name))
            StringAssert.Contains(document, $"`{entry}`");
        StringAssert.Contains(document, $"the version of the layout, {ModelManifest.CurrentFormat}.");
    }

    private static IEnumerable<string> Members(Type type) => JsonDialect.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info
        ? info.Properties.Where(property => property.Get is not null).Select(property => property.Name)
        : throw new AssertFailedException($"{type} is no object.");

    private static string Document()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HumanCompatible.ML.slnx")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is no document to compare with.");
        return File.ReadAllText(Path.Combine(folder, "docs", "model-file.md"));
    }
}
