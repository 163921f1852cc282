using HumanCompatible.ML.Torch;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
public sealed class TorchLibraryTests
{
    private static readonly string[] Natives = OperatingSystem.IsWindows() ? ["torch_cpu.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS() ? ["libtorch_cpu.dylib", "libLibTorchSharp.dylib"] : ["libtorch_cpu.so", "libLibTorchSharp.so"];

    [TestMethod]
    public void Explain_WithoutTheLibraryOfTheDevice_NamesThePackage()
    {
        using var folder = new Folder(Natives[1]); // which TorchSharp itself brings

        var error = TorchLibrary.Explain([Path.Combine(folder.Path, "none"), folder.Path], _ => throw new DllNotFoundException(), Problem);

        Assert.AreEqual($"Training needs libtorch, which this program lacks: reference the package TorchSharp-cpu {Version} in its project "
            + "(for a GPU TorchSharp-cuda-linux or TorchSharp-cuda-windows).", error.Message);
        Assert.IsNull(error.InnerException);
    }

    [TestMethod]
    [DataRow("Unable to load 'x'.", "Unable to load 'x'.")]
    [DataRow("Unable to load 'x'. Consider:\nlibgomp.so.1: cannot open\nmore", "libgomp.so.1: cannot open")]
    [DataRow("Unable to load 'x'. Consider:\nlibstdc++.so.6: version `GLIBCXX_3.4.32' not found",
        "libstdc++.so.6: version `GLIBCXX_3.4.32' not found. "
        + "Set <TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx> in the project file of the program.")]
    public void Explain_WhereTheSystemLacksWhatItNeeds_SaysWhat(string problem, string expected)
    {
        using var folder = new Folder(Natives);

        var error = TorchLibrary.Explain([folder.Path], path => path.EndsWith(Natives[1], StringComparison.Ordinal)
            ? throw new DllNotFoundException(problem) : 1, Problem);

        Assert.AreEqual("libtorch does not load on this system: " + expected, error.Message);
    }

    [TestMethod]
    public void Explain_OfLibrariesThatLoad_NamesTheVersion()
    {
        using var folder = new Folder(Natives);

        var error = TorchLibrary.Explain([folder.Path], _ => 1, Problem);

        StringAssert.Contains(error.Message, $"TorchSharp-cuda-windows of version {Version}.");
        Assert.AreSame(Problem, error.InnerException);
    }

    [TestMethod]
    public void LoadWhile_BothSucceed_GivesTheResultAfterTheLoad()
    {
        using var working = new ManualResetEventSlim();
        var loaded = false;

        var result = TorchLibrary.LoadWhile(
            () =>
            {
                working.Set();
                return 7;
            },
            () =>
            {
                working.Wait();
                loaded = true;
            });

        Assert.AreEqual((7, true), (result, loaded));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void LoadWhile_WorkThatThrows_WaitsForTheLoadAndThrowsThat(bool loadFails)
    {
        using var working = new ManualResetEventSlim();
        var ended = false;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchLibrary.LoadWhile<int>(
            () =>
            {
                working.Set();
                throw new InvalidOperationException("work");
            },
            () =>
            {
                working.Wait();
                ended = true;
                if (loadFails)
                    throw new NotSupportedException("load");
            }));

        Assert.AreEqual("work", error.Message);
        Assert.IsTrue(ended);
    }

    [TestMethod]
    public void LoadWhile_LoadThatThrows_ThrowsThat()
        => Assert.AreEqual("load", Assert.ThrowsExactly<NotSupportedException>(()
            => TorchLibrary.LoadWhile(() => 7, () => throw new NotSupportedException("load"))).Message);

    private static readonly TypeInitializationException Problem = new("torch", null);

    private static string Version => typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);

    private sealed class Folder : IDisposable
    {
        public Folder(params IEnumerable<string> files)
        {
            foreach (var file in files)
                File.WriteAllText(System.IO.Path.Combine(Path, file), "");
        }

        public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
