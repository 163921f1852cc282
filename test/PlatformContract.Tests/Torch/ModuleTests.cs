using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class ModuleTests
{
    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    /// <summary>A module as users write them: fields found by RegisterComponents.</summary>
    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(3, 4);
        private readonly Sequential rest = nn.Sequential(nn.ReLU(), nn.Linear(4, 1));
        private readonly Parameter scale = new(full([1], 2.0f));
        private readonly Tensor offset = full([1], 0.5f);

        public Network() : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var hidden = first.call(input);
            using var result = rest.call(hidden);
            return result * scale + offset;
        }
    }

    [TestMethod]
    public void RegisterComponents_FindsFields()
    {
        using var network = new Network();
        string[] parameters = ["scale", "first.weight", "first.bias", "rest.1.weight", "rest.1.bias"];
        CollectionAssert.AreEquivalent(parameters, network.named_parameters().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEqual(new[] { "offset" }, network.named_buffers().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEqual(new[] { "first", "rest" }, network.named_children().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEquivalent(parameters.Append("offset").ToArray(), network.state_dict().Keys.ToArray());
        Assert.HasCount(5, network.parameters().ToList());
        Assert.AreEqual("Network", network.GetName());
        Assert.AreEqual(4 * 3 + 4 + 4 + 1 + 1, network.parameters().Sum(parameter => parameter.numel()));
    }

    private sealed class Registered : nn.Module<Tensor, Tensor>
    {
        public Registered() : base("custom")
        {
            register_module("inner", nn.Linear(2, 2, hasBias: false));
            register_parameter("p", nn.Parameter(ones(1)));
            register_buffer("b", zeros(1));
            register_buffer("hidden", zeros(1), persistent: false);
        }

        public override Tensor forward(Tensor input) => input.alias();
    }

    [TestMethod]
    public void Register_ByName()
    {
        using var module = new Registered();
        CollectionAssert.AreEquivalent(new[] { "p", "b", "inner.weight" }, module.state_dict().Keys.ToArray());
        CollectionAssert.AreEqual(new[] { "b" }, module.named_buffers().Select(entry => entry.name).ToArray());
        Assert.AreEqual("custom", module.GetName());
        Assert.ThrowsExactly<InvalidOperationException>(() => module.register_parameter("p", nn.Parameter(ones(1))));
        Assert.ThrowsExactly<InvalidOperationException>(() => module.register_buffer("b", ones(1)));
        Assert.ThrowsExactly<ArgumentException>(() => module.register_module("a.b", nn.Linear(1, 1)));
    }

    [TestMethod]
    public void Sequential_NamesItsPartsAndCallsThemInOrder()
    {
        using var numbered = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1));
        CollectionAssert.AreEqual(new[] { "0.weight", "0.bias", "2.weight", "2.bias" }, numbered.state_dict().Keys.ToArray());
        using var named = nn.Sequential(("in", nn.Linear(2, 3)), ("act", nn.ReLU()), ("out", nn.Linear(3, 1)));
        CollectionAssert.AreEqual(new[] { "in.weight", "in.bias", "out.weight", "out.bias" }, named.state_dict().Keys.ToArray());
        Assert.AreEqual(3, named.Count);
        var input = randn(5, 2);
        var (inner, outer) = ((Linear)named[0], (Linear)named[2]);
        var expected = nn.functional.linear(nn.functional.linear(input, inner.weight, inner.bias).relu(), outer.weight, outer.bias);
        TensorAssert.AreEqual(TensorAssert.Values(expected), named.call(input));
        Assert.AreEqual(2, nn.Sequential().append(nn.ReLU()).append("x", nn.ReLU()).Count);
    }

    [TestMethod]
    public void TrainingMode_ReachesAllParts()
    {
        using var network = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout()));
        Assert.IsTrue(network.training);
        network.eval();
        Assert.IsTrue(network.named_modules().All(entry => !entry.module.training));
        network.train();
        Assert.IsTrue(network.named_modules().All(entry => entry.module.training));
    }

    [TestMethod]
    public void StateDict_CarriesOver_ToAnotherModule()
    {
        using var source = new Network();
        using var target = new Network();
        var input = randn(4, 3);
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.IsEmpty(missing);
        Assert.IsEmpty(unexpected);
        TensorAssert.AreEqual(TensorAssert.Values(source.call(input)), target.call(input));
        Assert.ThrowsExactly<InvalidOperationException>(() => target.load_state_dict([]));
        Assert.HasCount(6, target.load_state_dict([], strict: false).missing_keys);
    }

    [TestMethod]
    public void StateDict_HoldsTheTensorsThemselves()
    {
        using var linear = nn.Linear(2, 2);
        linear.state_dict()["weight"].bytes.Clear();
        TensorAssert.AreEqual([0, 0, 0, 0], linear.weight);
    }

    [TestMethod]
    public void SaveAndLoad_RoundTrip_ThroughAStream()
    {
        using var source = new Network();
        using var target = new Network();
        using var stream = new MemoryStream();
        source.save(stream);
        target.load(new MemoryStream(stream.ToArray()));
        var input = randn(4, 3);
        TensorAssert.AreEqual(TensorAssert.Values(source.call(input)), target.call(input));
        Assert.ThrowsExactly<ArgumentException>(() => nn.Linear(3, 4).load(new MemoryStream(stream.ToArray())));
    }

    [TestMethod]
    public void Save_WritesTheDocumentedFormat()
    {
        using var linear = nn.Linear(2, 1, hasBias: false);
        linear.load_state_dict(new() { ["weight"] = tensor(new[,] { { 1f, 2f } }) });
        using var stream = new MemoryStream();
        linear.save(stream);
        byte[] expected =
        [
            1, 6, .. "weight"u8, (byte)ScalarType.Float32, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f),
        ];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void To_MovesParametersAndBuffers_InPlace()
    {
        using var network = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2));
        Assert.AreSame(network, network.to(float64));
        Assert.IsTrue(network.parameters().All(parameter => parameter.dtype == ScalarType.Float64 && parameter.requires_grad && parameter.is_leaf));
        Assert.AreEqual(ScalarType.Float64, ((BatchNorm1d)network[1]).running_mean!.dtype);
        Assert.AreEqual(ScalarType.Float64, network.call(randn(3, 2, dtype: float64)).dtype);
        network.to(CPU);
        Assert.ThrowsExactly<ArgumentException>(() => new Network().to(int64));
    }

    [TestMethod]
    public void To_ReplacesFieldsOfUserModules()
    {
        using var network = new Network();
        network.to(float64);
        Assert.AreEqual(ScalarType.Float64, network.call(randn(2, 3, dtype: float64)).dtype);
        Assert.IsTrue(network.state_dict().Values.All(tensor => tensor.dtype == ScalarType.Float64));
    }

    [TestMethod]
    public void ZeroGrad_DropsGradients()
    {
        using var linear = nn.Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        Assert.IsNotNull(linear.weight.grad);
        linear.zero_grad();
        Assert.IsNull(linear.weight.grad);
    }

    [TestMethod]
    public void Parameter_TakesTheTensorOver()
    {
        var data = ones(2);
        var parameter = new Parameter(data);
        Assert.IsTrue(data.IsInvalid);
        Assert.IsTrue(parameter.requires_grad);
        Assert.IsTrue(parameter.is_leaf);
        Assert.IsFalse(new Parameter(ones(2), requires_grad: false).requires_grad);
    }

    [TestMethod]
    public void Dispose_DisposesParametersAndParts()
    {
        var network = new Network();
        var tensors = network.parameters().Concat(network.buffers()).ToList();
        network.Dispose();
        Assert.IsTrue(tensors.All(tensor => tensor.IsInvalid));
        network.Dispose();
    }
}
