using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>What training and saving a user's own module rests on.</summary>
[TestClass]
public sealed class ModuleTests
{
    [TestMethod]
    public void Parameter_TakesItsTensorOver()
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.ones(2);

        var parameter = new Parameter(tensor);

        Assert.IsTrue(tensor.IsInvalid);
        Assert.IsTrue(parameter is { requires_grad: true, is_leaf: true });
    }

    // The names are those of the arrays in a model file.
    [TestMethod]
    public void RegisterComponents_NamesParametersByTheirFields_OwnOnesFirst()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new Module(registers: true);

        CollectionAssert.AreEqual(
            new[] { "scale", "_first.weight", "_first.bias", "_rest.1.weight", "_rest.1.bias" },
            module.named_parameters().Select(item => item.name).ToArray());
    }

    [TestMethod]
    public void RegisterComponents_NotCalled_LeavesAModuleWithoutParameters()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new Module(registers: false);

        Assert.IsEmpty(module.named_parameters());
    }

    [TestMethod]
    public void NamedBuffers_LeaveOutWhatIsNotPersistent()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new Module(registers: true);

        CollectionAssert.AreEqual(new[] { "kept" }, module.named_buffers(include_nonpersistent: false).Select(item => item.name).ToArray());
    }

    [TestMethod]
    public void BatchNorm_CountsItsBatchesInAnIntegerBuffer()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = torch.nn.BatchNorm1d(2);
        layer.call(torch.rand(4, 2));

        var counter = layer.named_buffers(include_nonpersistent: false).Single(item => item.name == "num_batches_tracked").buffer;

        Assert.AreEqual((torch.ScalarType.Int64, 1L), (counter.dtype, counter.item<long>()));
    }

    // So parameters are taken from a module after it was moved.
    [TestMethod]
    public void To_WhereTheModuleIs_KeepsItsParameters_ElseReplacesThem()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new Module(registers: true);
        var before = module.parameters().ToArray();

        module.to(torch.CPU);
        CollectionAssert.AreEqual(before, module.parameters().ToArray());

        module.to(torch.ScalarType.Float64);
        Assert.IsTrue(before.All(parameter => parameter.IsInvalid));
        Assert.AreSame(module.Scale, module.parameters().First());
        Assert.AreEqual(torch.ScalarType.Float64, module.Scale.dtype);
    }

    private sealed class Module : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly Linear _first = torch.nn.Linear(3, 4);
        private readonly Sequential _rest = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(4, 1));
        private readonly Parameter scale = new(torch.ones(1));

        internal Module(bool registers) : base(nameof(Module))
        {
            register_buffer("kept", torch.zeros(1));
            register_buffer("dropped", torch.zeros(1), persistent: false);
            if (registers)
                RegisterComponents();
        }

        internal Parameter Scale => scale;

        public override torch.Tensor forward(torch.Tensor input) => _rest.call(_first.call(input)).mul(scale);
    }
}
