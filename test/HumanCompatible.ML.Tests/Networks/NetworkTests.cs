using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    public void MultilayerPerceptron_Defaults_AreReLUWithoutDropout()
    {
        var network = (MultilayerPerceptronNetwork)Network.MultilayerPerceptron(64, 32);
        CollectionAssert.AreEqual(new[] { 64, 32 }, network.HiddenUnits.ToArray());
        Assert.AreEqual(Activation.ReLU, network.Activation);
        Assert.AreEqual(0.0, network.Dropout);
        Assert.IsEmpty(Problems(network));
    }

    [TestMethod]
    public void MultilayerPerceptron_ChangedInputArray_DoesNotChangeTheDefinition()
    {
        int[] units = [8, 4];
        var network = (MultilayerPerceptronNetwork)Network.MultilayerPerceptron(units);
        units[0] = 99;
        Assert.AreEqual(8, network.HiddenUnits[0]);
    }

    [TestMethod]
    public void ToString_Perceptron_ShowsTheUnits() => Assert.AreEqual(
        "MultilayerPerceptronNetwork { HiddenUnits = [64, 32], Activation = Tanh, Dropout = 0.5 }",
        Network.MultilayerPerceptron([64, 32], Activation.Tanh, 0.5).ToString());

    [TestMethod]
    public void ToString_ResidualPerceptron_ShowsTheNormalization() => Assert.AreEqual(
        "ResidualPerceptronNetwork { Units = 32, Blocks = 2, Activation = ReLU, Dropout = 0.1, Normalization = Batch }",
        Network.ResidualPerceptron(32, 2, dropout: 0.1, normalization: Normalization.Batch).ToString());

    [TestMethod]
    public void Of_ResidualPerceptron_HasTwoLayersABlock()
    {
        var architecture = LayeredArchitecture.Of(Network.ResidualPerceptron(8, 2, normalization: Normalization.Batch), 5, 3);

        CollectionAssert.AreEqual(new[] { (5, 8), (8, 8), (8, 8), (8, 8), (8, 8), (8, 3) },
            architecture.Layers.Select(layer => (layer.InputCount, layer.Width)).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true, false, true, false },
            architecture.Layers.Select(layer => layer.EndsBlock).ToArray());
        CollectionAssert.AreEqual(new[] { false, true, false, true, false, false },
            architecture.Layers.Select(layer => layer.Drops).ToArray());
        CollectionAssert.AreEqual(new[] { "layers.1.weight", "layers.1.bias", "layers.1.norm.weight", "layers.1.norm.bias",
            "layers.1.norm.running_mean", "layers.1.norm.running_var" },
            architecture.Arrays().Select(array => array.Name).Where(name => name.StartsWith("layers.1.", StringComparison.Ordinal))
                .ToArray());
        Assert.AreEqual(2, architecture.Arrays().Count(array => array.Name.StartsWith("layers.5.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Equals_ComparesEverySetting()
    {
        Assert.AreNotEqual(Network.MultilayerPerceptron(8), Network.MultilayerPerceptron([8], Activation.ReLU, 0, Normalization.Layer));
        Assert.AreNotEqual(Network.ResidualPerceptron(8, 2), Network.ResidualPerceptron(8, 3));
        Assert.AreNotEqual(Network.ResidualPerceptron(8, 2), Network.ResidualPerceptron(8, 2, Activation.Tanh));
        Assert.AreEqual(Network.ResidualPerceptron(8, 2), Network.ResidualPerceptron(8, 2, Activation.ReLU));
        var network = Network.MultilayerPerceptron([8, 4], Activation.Tanh, 0.5);
        Assert.AreEqual(network, Network.MultilayerPerceptron([8, 4], Activation.Tanh, dropout: 0.5));
        Assert.AreEqual(network.GetHashCode(),
            (Network.MultilayerPerceptron([8, 4], Activation.Tanh, dropout: 0.5)).GetHashCode());
        Assert.AreNotEqual(network, Network.MultilayerPerceptron([8, 4], Activation.Tanh, 0.25));
        Assert.AreNotEqual(network, Network.MultilayerPerceptron([8, 4], Activation.ReLU, 0.5));
        Assert.AreNotEqual(network, Network.MultilayerPerceptron([8, 5], Activation.Tanh, 0.5));
        Assert.AreNotEqual<NetworkDefinition>(network, Network.Linear());
        Assert.AreEqual(Network.Linear(), Network.Linear());
        Assert.AreEqual(Network.Module("a"), Network.Module("a"));
    }

    [TestMethod]
    public void Validate_EverythingWrong_ReportsEveryProblem()
    {
        var problems = Problems(Network.MultilayerPerceptron([8, 0, 70000], (Activation)77, 1.0));
        CollectionAssert.AreEqual(
            new[]
            {
                "Network.HiddenUnits[1] must be in [1, 65536], got 0.",
                "Network.HiddenUnits[2] must be in [1, 65536], got 70000.",
                "Network.Activation must be one of ReLU, LeakyReLU, Tanh, Sigmoid, SiLU, GELU, got 77.",
                "Network.Dropout must be in [0, 1), got 1.",
            },
            problems);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(-0.1)]
    [DataRow(double.PositiveInfinity)]
    public void Validate_DropoutOutOfRange_IsAProblem(double dropout) =>
        Assert.HasCount(1, Problems(Network.MultilayerPerceptron([4], Activation.ReLU, dropout)));

    [TestMethod]
    public void Validate_NoHiddenLayers_NamesTheLinearNetwork()
        => StringAssert.Contains(Problems(Network.MultilayerPerceptron()).Single(), "Network.Linear()");

    [TestMethod]
    public void Validate_UnregisteredModule_SaysWhatToCall() =>
        StringAssert.Contains(Problems(Network.Module("unregistered in tests")).Single(),
            "NetworkRegistry.Register(\"unregistered in tests\"");

    [TestMethod]
    public void Register_GivesTheDefinitionOfTheName()
    {
        var name = nameof(Register_GivesTheDefinitionOfTheName);
        Assert.IsFalse(NetworkRegistry.IsRegistered(name));
        var network = NetworkRegistry.Register(name, (inputs, outputs) => torch.nn.Linear(inputs, outputs));
        Assert.IsTrue(NetworkRegistry.IsRegistered(name));
        Assert.AreEqual(Network.Module(name), network);
        Assert.IsEmpty(Problems(network));
    }

    [TestMethod]
    public void Register_TheSameFactoryAgain_ChangesNothing()
    {
        var name = nameof(Register_TheSameFactoryAgain_ChangesNothing);
        Assert.AreEqual(Register(), Register());

        NetworkDefinition Register() => NetworkRegistry.Register(name, static (inputs, outputs) => torch.nn.Linear(inputs, outputs));
    }

    [TestMethod]
    public void Register_AnotherFactoryUnderTheName_IsRefusedAndTheFirstStays()
    {
        var name = nameof(Register_AnotherFactoryUnderTheName_IsRefusedAndTheFirstStays);
        NetworkRegistry.Register(name, (inputs, outputs) => torch.nn.Linear(inputs, outputs));

        var error = Assert.ThrowsExactly<ArgumentException>(()
            => NetworkRegistry.Register(name, (inputs, outputs) => torch.nn.Linear(inputs, outputs, hasBias: false)));

        Assert.AreEqual($"Another factory is registered under the name '{name}' in this process: give this network a name of its own. "
            + "(Parameter 'name')", error.Message);
        using var module = NetworkRegistry.Build(name, 2, 1);
        Assert.HasCount(2, module.parameters());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow(null)]
    public void Register_EmptyName_Throws(string? name) =>
        Assert.ThrowsExactly<ArgumentException>(()
            => NetworkRegistry.Register(name!, (inputs, outputs) => torch.nn.Linear(inputs, outputs)));

    [TestMethod]
    public void Register_LongNameOrNullFactory_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(()
            => NetworkRegistry.Register(new string('a', 201), (inputs, outputs) => torch.nn.Linear(inputs, outputs)));
        Assert.ThrowsExactly<ArgumentNullException>(() => NetworkRegistry.Register("null factory", null!));
        Assert.IsFalse(NetworkRegistry.IsRegistered("null factory"));
    }

    private static List<string> Problems(NetworkDefinition definition)
    {
        List<string> problems = [];
        definition.Validate(problems);
        return problems;
    }
}
