using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Duals;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>The rules of the dialect; what is written in it has tests of its own.</summary>
[TestClass]
public sealed class ModelJsonTests
{
    private static readonly ConstraintSummary Missed = new("c <= \"Č\"", 0.1, false, Verdict.Missed, 0.25,
        new ConfidenceInterval(0.125, 0.5), 40, double.NaN, 0.375)
    {
        ExcludedGroups = [new("a", "1 row, fewer than 2", RowQuantity.Positive)],
        UnmeasurableGroups = [new("b", GroupMetric.SelectionRate, 3, 400)],
        ConfidenceLimit = double.PositiveInfinity,
    };

    public static IEnumerable<object[]> DualOptimizers => DualOptimizersUnderTest.Names;

    [TestMethod]
    public void Write_Record_HasCamelCaseNoNullsAndReadableText() => Assert.AreEqual(
        """
        {
          "trainingValue": "NaN",
          "validationValue": 0.375,
          "groups": [],
          "confidenceLimit": "Infinity",
          "groupsWithoutSafetyRows": [],
          "confidenceViolation": "Infinity",
          "holdsWithConfidence": false,
          "name": "c <= \"Č\"",
          "bound": 0.1,
          "isLowerBound": false,
          "verdict": "missed",
          "value": 0.25,
          "interval": {
            "lower": 0.125,
            "upper": 0.5
          },
          "intervalConfidence": 0.95,
          "rows": 40,
          "unmeasurableGroups": [
            {
              "group": "b",
              "metric": "selectionRate",
              "rows": 3,
              "rowsNeeded": 400
            }
          ],
          "excludedGroups": [
            {
              "name": "a",
              "reason": "1 row, fewer than 2",
              "lacks": "positive"
            }
          ],
          "unseenGroups": [],
          "violation": 0.15
        }
        """.ReplaceLineEndings(), Encoding.UTF8.GetString(ModelJson.Write(Missed)).ReplaceLineEndings());

    [TestMethod]
    public void Read_WhatWasWritten_IsTheSame() => Assert.AreEqual(Missed, ModelJson.Read<ConstraintSummary>(ModelJson.Write(Missed)));

    [TestMethod]
    [DataRow("verdict", "\"fair\"", "The JSON value could not be converted to * Path: $.verdict *")]
    [DataRow("verdict", "1", "The JSON value could not be converted to * Path: $.verdict *")]
    [DataRow("violation", "0", "'$.violation' must be 0.15 as the rest says, got 0.")]
    [DataRow("holdsWithConfidence", "true", "'$.holdsWithConfidence' must be false as the rest says, got true.")]
    [DataRow("excludedGroups", "null", "'excludedGroups' must not be null or hold null.")]
    [DataRow("groups", "[\"a\",null]", "'groups' must not be null or hold null.")]
    [DataRow("worstInequality", "null", "'worstInequality' must not be null or hold null.")]
    [DataRow("bound", "\"0.1\"", "The JSON value could not be converted to * Path: $.bound *")]
    [DataRow("Verdict", "\"missed\"", "The JSON property 'Verdict' could not be mapped *")]
    public void Read_AMemberThatIsNotAsWritten_IsRefusedByName(string member, string json, string message)
    {
        var node = JsonNode.Parse(ModelJson.Write(Missed))!.AsObject();
        node[member] = JsonNode.Parse(json);

        MessageAssert.Like(message, Problem<ConstraintSummary>(node.ToJsonString()));
    }

    [TestMethod]
    public void Read_WithoutAnyMember_SaysWhichIsMissing()
    {
        var whole = JsonNode.Parse(ModelJson.Write(Missed))!.AsObject();
        foreach (var member in whole.Select(member => member.Key).ToList())
        {
            var node = whole.DeepClone().AsObject();
            node.Remove(member);
            // Without the limit, what follows from it is unknown.
            StringAssert.Contains(Problem<ConstraintSummary>(node.ToJsonString()),
                member == "confidenceLimit" ? "'$.confidenceViolation' is unknown" : $"{member}'");
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("{}{}")]
    [DataRow("[1,]")]
    [DataRow("// no comments\n{}")]
    [DataRow("{\"name\":\"\\ud800\"}")]
    [DataRow("{\"\\ud800\":null}")]
    public void Read_NoJson_IsRefused(string text) => Problem<ConstraintSummary>(text);

    [TestMethod]
    public void Read_DeepJson_IsRefused() => Problem<ConstraintSummary>(new string('[', 100_000));

    [TestMethod]
    public void Read_AnUnregisteredNameOfAModule_IsTaken() => Assert.AreEqual(Network.Module("nobody knows"),
        ModelJson.Read<NetworkDefinition>("""{"kind":"module","name":"nobody knows"}"""u8.ToArray()));

    [TestMethod]
    [DynamicData(nameof(DualOptimizers))]
    public void DualOptimizerOptions_RoundTripEverySetting(string name)
    {
        var written = ModelJson.Write(DualOptimizersUnderTest.Options(name));

        CollectionAssert.AreEqual(written, ModelJson.Write(ModelJson.Read<DualOptimizerOptions>(written)));
    }

    [TestMethod]
    [DynamicData(nameof(DualOptimizers))]
    public void DualOptimizerOptions_WithoutASetting_AreRefused(string name)
    {
        var options = DualOptimizersUnderTest.Options(name);
        var whole = JsonNode.Parse(ModelJson.Write(options))!.AsObject();
        foreach (var member in whole.Select(member => member.Key).Where(member => !IsOptional(options, member)).ToList())
        {
            var node = whole.DeepClone().AsObject();
            node.Remove(member);
            StringAssert.Contains(Problem<DualOptimizerOptions>(node.ToJsonString()),
                member == "kind" ? "type discriminator" : $"'$.{member}'");
        }
    }

    // What may be null is left out where it is: a file without it says so.
    private static bool IsOptional(DualOptimizerOptions options, string member)
        => options.GetType().GetProperty(member, BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public) is { } property
            && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    private static string Problem<T>(string json)
        where T : class
        => Assert.ThrowsExactly<InvalidDataException>(() => ModelJson.Read<T>(Encoding.UTF8.GetBytes(json))).Message;
}
