using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Constraints.Compiled;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class ConstraintJsonTests
{
    [TestMethod]
    public void RoundTrip_OfEveryKind_GivesEqualDeclarations()
    {
        FairnessConstraint[] constraints =
        [
            .. CompiledConstraintsTests.BuiltIn,
            Fairness.PredictiveParity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "White",
                Name = "named" },
        ];

        var read = ModelJson.Read<FairnessConstraint[]>(ModelJson.Write(constraints));

        CollectionAssert.AreEqual(constraints, read);
        CollectionAssert.AreEqual(constraints.Select(c => c.Name).ToArray(), read.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void Read_NameWrittenBeforeTheSettingsItFollowsFrom_GivesAnEqualDeclaration() => Assert.AreEqual(
        Fairness.DisparateImpact("Sex", 0.8),
        Read("""[{"name":"DemographicParityRatio(Sex)","comparison":"ratio","baseline":"pairwise","bound":0.8,"groupColumnNames":["Sex"],"kind":"demographicParity"}]""").Single());

    [TestMethod]
    public void EveryDeclaration_IsOneOfTheKindsOfTheFile()
    {
        string[] sealedTypes = [.. typeof(FairnessConstraint).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(FairnessConstraint)) && !t.IsAbstract)
            .Select(t => char.ToLowerInvariant(t.Name[0]) + t.Name[1..]).Order()];
        string[] kinds = [.. typeof(FairnessConstraint).GetCustomAttributesData()
            .Where(a => a.AttributeType.Name == "JsonDerivedTypeAttribute").Select(a => (string)a.ConstructorArguments[1].Value!).Order()];

        CollectionAssert.AreEqual(sealedTypes, kinds);
    }

    [TestMethod]
    public void Write_Declaration_IsPlainJson() => Assert.AreEqual(
        """[{"kind":"demographicParity","groupColumnNames":["Sex"],"bound":0.05,"comparison":"difference","baseline":"pairwise","name":"DemographicParity(Sex)"}]""",
        JsonNode.Parse(ModelJson.Write<FairnessConstraint[]>([Fairness.DemographicParity("Sex", 0.05)]))!.ToJsonString());

    [TestMethod]
    [DataRow("""[{"kind":"System.Diagnostics.Process","groupColumnNames":["Sex"],"bound":0.05}]""", "Read unrecognized type discriminator id*")]
    [DataRow("""[{"groupColumnNames":["Sex"],"bound":0.05}]""", "*must specify a type discriminator. Path: $[0] *")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":["Sex"],"bound":0.05,"extra":1}]""", "The JSON property 'extra' *")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":["Sex"]}]""", "*missing required properties including: 'bound'.*")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":["Sex"],"bound":"0.05"}]""", "*Path: $[0].bound *")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":null,"bound":0.05}]""", "'groupColumnNames' must not be null or hold null.")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":["Sex"],"bound":0.05,"comparison":"difference","baseline":"pairwise"}]""",
        "'$[0].name' is missing.")]
    [DataRow("""[{"kind":"demographicParity","groupColumnNames":["Sex"],"bound":0.05,"baseline":"pairwise","name":"n"}]""",
        "'$[0].comparison' is missing.")]
    [DataRow("[null]", "'$' must not be null or hold null.")]
    [DataRow("null", "'$' must not be null or hold null.")]
    [DataRow("[{", "*")]
    public void Read_BadText_IsAnErrorThatSaysWhy(string json, string message)
        => MessageAssert.Like(message, Assert.ThrowsExactly<InvalidDataException>(() => Read(json)).Message);

    private static FairnessConstraint[] Read(string json) => ModelJson.Read<FairnessConstraint[]>(Encoding.UTF8.GetBytes(json));
}
