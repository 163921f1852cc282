using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Constraints.Compiled;

namespace HumanCompatible.ML.Tests.Constraints;

[TestClass]
public sealed class FairnessConstraintJsonTests
{
    [TestMethod]
    public void RoundTrip_OfEveryKind_GivesEqualDeclarations()
    {
        FairnessConstraint[] constraints =
        [
            .. CompiledConstraintsTests.Catalogue,
            Fairness.PredictiveParity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "White",
                Name = "named" },
        ];

        var read = FairnessConstraintJson.Deserialize(FairnessConstraintJson.Serialize(constraints));

        CollectionAssert.AreEqual(constraints, read.ToArray());
        CollectionAssert.AreEqual(constraints.Select(c => c.Name).ToArray(), read.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void Deserialize_NameWrittenBeforeTheSettingsItFollowsFrom_GivesAnEqualDeclaration() => Assert.AreEqual(
        Fairness.DisparateImpact("Sex", 0.8),
        FairnessConstraintJson.Deserialize("""[{"name":"DemographicParityRatio(Sex)","comparison":"Ratio","bound":0.8,"groupColumnNames":["Sex"],"kind":"DemographicParity"}]""").Single());

    [TestMethod]
    public void EveryPublicDeclaration_IsOneOfTheKindsOfTheFile()
    {
        string[] sealedTypes = [.. typeof(FairnessConstraint).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(FairnessConstraint)) && !t.IsAbstract).Select(t => t.Name).Order()];
        string[] kinds = [.. typeof(FairnessConstraint).GetCustomAttributesData()
            .Where(a => a.AttributeType.Name == "JsonDerivedTypeAttribute").Select(a => (string)a.ConstructorArguments[1].Value!).Order()];

        CollectionAssert.AreEqual(sealedTypes, kinds);
    }

    [TestMethod]
    public void Serialize_Declaration_IsPlainJson() => Assert.AreEqual(
        """[{"kind":"DemographicParity","groupColumnNames":["Sex"],"bound":0.05,"comparison":"Difference","baseline":"Pairwise","name":"DemographicParity(Sex)"}]""",
        FairnessConstraintJson.Serialize([Fairness.DemographicParity("Sex", 0.05)]));

    [TestMethod]
    [DataRow("""[{"kind":"System.Diagnostics.Process","groupColumnNames":["Sex"],"bound":0.05}]""", "unrecognized type discriminator")]
    [DataRow("""[{"groupColumnNames":["Sex"],"bound":0.05}]""", "type discriminator")]
    [DataRow("""[{"kind":"DemographicParity","groupColumnNames":["Sex"],"bound":0.05,"extra":1}]""", "'extra'")]
    [DataRow("""[{"kind":"DemographicParity","groupColumnNames":["Sex"]}]""", "bound")]
    [DataRow("""[{"kind":"DemographicParity","groupColumnNames":null,"bound":0.05}]""", "cannot be read")]
    [DataRow("""[{"kind":"DemographicParity","groupColumnNames":["Sex"],"bound":7}]""", "The fairness constraints cannot be used: DemographicParity(Sex): Bound must be a number from 0 to 1, got 7.")]
    [DataRow("[null]", "The fairness constraints cannot be used: Constraint 0 is null.")]
    [DataRow("null", "The fairness constraints cannot be read: the list is null.")]
    [DataRow("[{", "The fairness constraints cannot be read: ")]
    public void Deserialize_BadText_IsAnErrorThatSaysWhy(string json, string part)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => FairnessConstraintJson.Deserialize(json));

        StringAssert.Contains(error.Message, part);
    }
}
