using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class NetworkJsonTests
{
    [TestMethod]
    public void Write_Perceptron_HasAKindOfTheClosedList() => Assert.AreEqual(
        """{"kind":"multilayerPerceptron","hiddenUnits":[64,32],"activation":"siLU","dropout":0.25}""",
        JsonNode.Parse(ModelJson.Write<NetworkDefinition>(Network.MultilayerPerceptron([64, 32], Activation.SiLU, 0.25)))!.ToJsonString());

    [TestMethod]
    public void Write_ResidualPerceptron_NamesTheNormalizationItHas() => Assert.AreEqual(
        """{"kind":"residualPerceptron","units":8,"blocks":2,"activation":"reLU","dropout":0,"normalization":"batch"}""",
        JsonNode.Parse(ModelJson.Write(Network.ResidualPerceptron(8, 2, normalization: Normalization.Batch)))!.ToJsonString());

    [TestMethod]
    public void Read_WhatWasWritten_GivesTheSameDefinition()
    {
        NetworkDefinition[] definitions =
        [
            Network.Linear(), Network.Module("my \"own\" net"),
            Network.MultilayerPerceptron([3], Activation.ReLU, 0, Normalization.Layer), Network.ResidualPerceptron(8, 2),
            Network.ResidualPerceptron(8, 2, Activation.SiLU, 0.1, Normalization.Batch),
            .. Enum.GetValues<Activation>().Select(activation => Network.MultilayerPerceptron([3, 200, 1], activation, 0.1)),
        ];
        foreach (var definition in definitions)
            Assert.AreEqual(definition, ModelJson.Read<NetworkDefinition>(ModelJson.Write(definition)));
    }

    [TestMethod]
    [DataRow("null", "'$' must not be null or hold null.")]
    [DataRow("[]", "The JSON value could not be converted to HumanCompatible.ML.Networks.NetworkDefinition. *")]
    [DataRow("{}", "The JSON payload for polymorphic interface or abstract type '*' must specify a type discriminator. *")]
    [DataRow("""{"kind":"System.Object"}""", "Read unrecognized type discriminator id 'System.Object'. *")]
    [DataRow("""{"kind":"multilayerPerceptron"}""", "*missing required properties including: 'hiddenUnits'.*")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4,1.5],"activation":"reLU","dropout":0}""", "*Path: $.hiddenUnits[1] *")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[null],"activation":"reLU","dropout":0}""",
        "'hiddenUnits' must not be null or hold null.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"step","dropout":0}""", "*Path: $.activation *")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"1","dropout":0}""", "*Path: $.activation *")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":1,"dropout":0}""", "*Path: $.activation *")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"TANH","dropout":0}""",
        "'$.activation' must be \"tanh\" as the rest says, got \"TANH\".")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"tanh"}""", "'$.dropout' is missing.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"tanh","dropout":0,"dropout":0}""", "*'dropout'*")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"tanh","dropout":0,"normalization":"none"}""",
        "'$.normalization' is unknown.")]
    [DataRow("""{"kind":"residualPerceptron","units":4,"activation":"tanh","dropout":0}""", "*missing required properties including: 'blocks'.*")]
    [DataRow("""{"kind":"linear","dropout":0}""", "The JSON property 'dropout' could not be mapped *")]
    [DataRow("""{"kind":"module"}""", "*missing required properties including: 'name'.*")]
    public void Read_Defect_HasItsOwnMessage(string json, string message) => MessageAssert.Like(message,
        Assert.ThrowsExactly<InvalidDataException>(() => ModelJson.Read<NetworkDefinition>(Encoding.UTF8.GetBytes(json))).Message);
}
