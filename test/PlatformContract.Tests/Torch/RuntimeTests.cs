using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

/// <summary>Errors, threads and devices.</summary>
[TestClass]
public sealed class RuntimeTests
{
    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    public static IEnumerable<(string, Action)> Failures =>
    [
        ("add", () => ones(2).add(ones(3))),
        ("add in place", () => ones(2).add_(ones(3))),
        ("mm", () => ones(2, 3).mm(ones(2, 3))),
        ("addmm", () => ones(2, 2).addmm(ones(2, 3), ones(2, 3))),
        ("view", () => ones(2, 3).view(4)),
        ("reshape", () => ones(2, 3).reshape(4)),
        ("cat", () => cat([ones(2, 2), ones(2, 3)])),
        ("stack", () => stack([ones(2), ones(3)])),
        ("narrow", () => ones(3).narrow(0, 2, 2)),
        ("select", () => ones(3).select(0, 3)),
        ("index_select", () => ones(3).index_select(0, tensor(new long[] { 5 }))),
        ("gather of floats", () => ones(3).gather(0, ones(1))),
        ("linear", () => nn.functional.linear(ones(2, 3), ones(2, 4))),
        ("copy", () => ones(2).copy_(ones(3))),
        ("dimension", () => ones(2).sum(dim: 2)),
        ("type of dot", () => ones(2).dot(ones(2, dtype: float64))),
        ("labels", () => nn.functional.cross_entropy(ones(2, 3), tensor(new long[] { 0, 7 }))),
    ];

    [TestMethod, DynamicData(nameof(Failures))]
    public void ErrorOfLibtorch_IsAnExternalException(string name, Action action)
    {
        var error = Assert.ThrowsExactly<ExternalException>(action);
        Assert.IsFalse(string.IsNullOrWhiteSpace(error.Message), name);
    }

    [TestMethod]
    public void Error_LeavesTheThreadUsable()
    {
        Assert.ThrowsExactly<ExternalException>(() => ones(2).add(ones(3)));
        TensorAssert.AreEqual([2, 2], ones(2).add(ones(2)));
    }

    [TestMethod]
    public void Threads_CanBeSet()
    {
        var previous = get_num_threads();
        Assert.IsGreaterThanOrEqualTo(1, previous);
        try
        {
            set_num_threads(1);
            Assert.AreEqual(1, get_num_threads());
            set_num_threads(2);
            Assert.AreEqual(2, get_num_threads());
        }
        finally
        {
            set_num_threads(previous);
        }
    }

    [TestMethod]
    public void Devices_AreNamed()
    {
        Assert.AreEqual(DeviceType.CPU, device("cpu").type);
        Assert.AreEqual("cpu", CPU.ToString());
        Assert.AreEqual("cuda:1", new Device("cuda:1").ToString());
        Assert.AreEqual(1, new Device(DeviceType.CUDA, 1).index);
        Assert.AreEqual(DeviceType.CPU, get_default_device().type);
        Assert.IsTrue(TryInitializeDeviceType(DeviceType.CPU));
        InitializeDeviceType(DeviceType.CPU);
        Assert.ThrowsExactly<ArgumentException>(() => new Device("nowhere"));
    }

    [TestMethod]
    public void Cuda_MovesTensors_WhereThereIsADevice()
    {
        if (!cuda.is_available()) Assert.Inconclusive("there is no CUDA device");
        Assert.IsGreaterThanOrEqualTo(1, cuda.device_count());
        var moved = ones(2).to(CUDA);
        Assert.AreEqual(DeviceType.CUDA, moved.device_type);
        TensorAssert.AreEqual([3, 3], (moved * 3).cpu());
        Assert.AreEqual(3f, (moved * 3)[0].item<float>());
    }
}
