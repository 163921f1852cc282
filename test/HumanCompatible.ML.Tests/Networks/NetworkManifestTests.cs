using System.Text.Json.Nodes;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class NetworkManifestTests
{
    [TestMethod]
    public void Write_Perceptron_HasAKindOfTheClosedList() => Assert.AreEqual(
        """{"kind":"multilayerPerceptron","hiddenUnits":[64,32],"activation":"SiLU","dropout":0.25}""",
        NetworkManifest.Write(Network.MultilayerPerceptron([64, 32], Activation.SiLU, 0.25)).ToJsonString());

    [TestMethod]
    public void Read_WhatWasWritten_GivesTheSameDefinition()
    {
        NetworkDefinition[] definitions =
        [
            Network.Linear(), Network.Module("my \"own\" net"),
            .. Enum.GetValues<Activation>().Select(activation => Network.MultilayerPerceptron([3, 200, 1], activation, 0.1)),
        ];
        foreach (var definition in definitions)
            Assert.AreEqual(definition, NetworkManifest.Read(JsonNode.Parse(NetworkManifest.Write(definition).ToJsonString())));
    }

    [TestMethod]
    [DataRow("""null""", "The network must be a JSON object with a 'kind'.")]
    [DataRow("""[]""", "The network must be a JSON object with a 'kind'.")]
    [DataRow("""{}""", "The network's 'kind' must be a string.")]
    [DataRow("""{"kind":3}""", "The network's 'kind' must be a string.")]
    [DataRow("""{"kind":"System.Object"}""", "The network kind 'System.Object' is unknown; known kinds are linear, multilayerPerceptron, module.")]
    [DataRow("""{"kind":"multilayerPerceptron"}""", "The network's 'hiddenUnits' must be an array of integers.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4,1.5],"activation":"ReLU","dropout":0}""", "The network's 'hiddenUnits[1]' must be an integer.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[null],"activation":"ReLU","dropout":0}""", "The network's 'hiddenUnits[0]' must be an integer.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"1","dropout":0}""", "The network's activation '1' is unknown; known ones are ReLU, LeakyReLU, Tanh, Sigmoid, SiLU.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[4],"activation":"Tanh"}""", "The network's 'dropout' must be a number.")]
    [DataRow("""{"kind":"multilayerPerceptron","hiddenUnits":[-4],"activation":"Tanh","dropout":2}""", "Network.HiddenUnits[0] must be in [1, 65536], got -4. Network.Dropout must be in [0, 1), got 2.")]
    [DataRow("""{"kind":"module","name":""}""", "The name of a network must not be empty.")]
    public void Read_Defect_HasItsOwnMessage(string json, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<FormatException>(() => NetworkManifest.Read(JsonNode.Parse(json))).Message);
}
