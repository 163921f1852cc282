using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
public sealed class TorchDeviceTests
{
    [TestMethod]
    [DataRow("auto", true)]
    [DataRow("cpu", true)]
    [DataRow("cuda", true)]
    [DataRow("cuda:0", true)]
    [DataRow("cuda:12", true)]
    [DataRow("cuda:", false)]
    [DataRow("cuda:-1", false)]
    [DataRow("cuda: 1", false)]
    [DataRow("CPU", false)]
    [DataRow("", false)]
    [DataRow(null, false)]
    public void IsWellFormed_TakesOnlyTheFourForms(string? device, bool expected)
        => Assert.AreEqual(expected, TorchDevice.IsWellFormed(device));

    [TestMethod]
    public void Resolve_Cpu_IsTheCpu() => Assert.AreEqual(DeviceType.CPU, TorchDevice.Resolve("cpu").type);

    [TestMethod]
    public void Resolve_Auto_IsAGpuWhereThereIsOne() => Assert.AreEqual(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU,
        TorchDevice.Resolve("auto").type);

    [TestMethod]
    public void Resolve_CudaWithoutOne_SaysWhatToDo()
    {
        if (torch.cuda.is_available())
            Assert.Inconclusive("This machine has a CUDA device.");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Resolve("cuda:1"));
        Assert.AreEqual("Device 'cuda:1' was asked for, but torch finds no CUDA device: reference the package "
            + "TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu, on a machine with an NVIDIA driver, or use "
            + "'cpu' or 'auto'.", error.Message);
    }
}
