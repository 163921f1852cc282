using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public void Rand_SameSeed_SameNumbers()
        => CollectionAssert.AreEqual(Draw(Register(new MLContext(7))), Draw(Register(new MLContext(7))));

    [TestMethod]
    public void Rand_OtherSeedOrNoSeed_OtherNumbers()
    {
        CollectionAssert.AreNotEqual(Draw(Register(new MLContext(7))), Draw(Register(new MLContext(8))));
        CollectionAssert.AreNotEqual(Draw(Register(new MLContext())), Draw(Register(new MLContext())));
    }

    [TestMethod]
    public void Rand_DependsOnTheOrderOfRegistrationsNotOnTheirNames()
    {
        IHostEnvironment env = new MLContext(7), other = new MLContext(7);
        var (first, second) = (Draw(env.Register("a")), Draw(env.Register("b")));
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Draw(other.Register("z")));
        CollectionAssert.AreEqual(second, Draw(other.Register("a")));
    }

    [TestMethod]
    public void Rand_RegisteredWithASeed_DependsOnThatSeedOnly()
    {
        IHostEnvironment env = new MLContext(7), other = new MLContext();
        CollectionAssert.AreEqual(Draw(env.Register("a", seed: 3)), Draw(other.Register("b", seed: 3)));
    }

    [TestMethod]
    public void Rand_DrawsTheSameNumbersOnEveryStack()
    {
        IHostEnvironment env = new MLContext(1);
        var rand = env.Register("a", seed: 42).Rand;
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{rand.Next()} {rand.Next(1000)} {rand.Next(-50, 50)} {rand.NextDouble()} {env.Register("b").Rand.Next()}");
        Assert.AreEqual("410776726 588 25 0.9674857535865158 1752537088", numbers);
    }

    [TestMethod]
    public void Rand_StaysInItsRanges()
    {
        var rand = Register(new MLContext(1)).Rand;
        for (var i = 0; i < 1000; i++)
        {
            Assert.IsTrue(rand.Next() >= 0);
            Assert.IsTrue(rand.Next(10) is >= 0 and < 10);
            Assert.IsTrue(rand.Next(-5, 5) is >= -5 and < 5);
            Assert.IsTrue(rand.NextDouble() is >= 0 and < 1);
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => rand.Next(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => rand.Next(2, 1));
    }

    [TestMethod]
    public void Register_WithoutAName_Throws()
    {
        IHostEnvironment env = new MLContext();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => env.Register(""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Register(new MLContext()).Register(""));
    }

    [TestMethod]
    public void Context_HasAModestSetOfSettings()
    {
        var context = new MLContext { GpuDeviceId = 1, FallbackToCpu = true, TempFilePath = Path.GetTempPath() };
        var host = (IHostEnvironmentInternal)Register(context);
        Assert.AreEqual(1, host.GpuDeviceId);
        Assert.IsTrue(host.FallbackToCpu);
        Assert.AreEqual(Path.GetTempPath(), host.TempFilePath);
        Assert.IsNull(new MLContext().GpuDeviceId);
        Assert.IsFalse(new MLContext().FallbackToCpu);
        Assert.AreEqual(5, ((IHostEnvironmentInternal)new MLContext(5)).Seed);
        Assert.AreEqual(5, ((IHostEnvironmentInternal)Register(new MLContext(5))).Seed);
        Assert.AreSame(context.ComponentCatalog, host.ComponentCatalog);
    }

    [TestMethod]
    public void Options_AreTypedByTheirUse()
    {
        var context = new MLContext();
        Assert.IsTrue(context.TryAddOption("threads", 3));
        Assert.IsFalse(context.TryAddOption("threads", 4));
        Assert.IsTrue(context.TryGetOption("threads", out int threads));
        Assert.AreEqual(3, threads);
        Assert.IsFalse(context.TryGetOption("threads", out string? _));
        context.SetOption("threads", 5);
        Assert.AreEqual(5, context.GetOptionOrDefault<int>("threads"));
        Assert.AreEqual(0, context.GetOptionOrDefault<int>("other"));
        Assert.IsTrue(context.RemoveOption("threads"));
        Assert.ThrowsExactly<ArgumentNullException>(() => context.SetOption(" ", 1));
    }

    [TestMethod]
    public void CheckAlive_OnALiveHost_DoesNothingAndOnACanceledOneThrows()
    {
        var host = Register(new MLContext());
        var child = host.Register("child");
        host.CheckAlive();
        ((ICancelable)host).CancelExecution();
        var error = Assert.ThrowsExactly<OperationCanceledException>(() => child.CheckAlive());
        Assert.AreEqual("Operation was canceled.", error.Message);
        Assert.ThrowsExactly<OperationCanceledException>(() => host.CheckAlive());
        Assert.ThrowsExactly<OperationCanceledException>(() => host.Register("late").CheckAlive());
    }

    [TestMethod]
    public void Checks_ThrowTheTypesAndMessagesOfTheField()
    {
        var host = Register(new MLContext());
        Assert.ThrowsExactly<ArgumentNullException>(() => host.CheckValue((object?)null, "data"));
        Assert.AreEqual("nothing (Parameter 'count')", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => host.CheckParam(false, "count", "nothing")).Message);
        Assert.AreEqual("wrong", Assert.ThrowsExactly<InvalidOperationException>(() => host.Check(false, "wrong")).Message);
        Assert.AreEqual("name cannot be null or empty (Parameter 'name')", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => host.CheckNonEmpty("", "name")).Message);
        Assert.AreEqual("broken", Assert.ThrowsExactly<FormatException>(() => host.CheckDecode(false, "broken")).Message);
        Assert.AreEqual("Could not find label column 'Y' (Parameter 'schema')", host.ExceptSchemaMismatch("schema", "label", "Y").Message);
        var mismatch = host.ExceptSchemaMismatch("schema", "label", "Y", "Boolean", "Single");
        Assert.IsInstanceOfType<ArgumentOutOfRangeException>(mismatch);
        Assert.AreEqual("Schema mismatch for label column 'Y': expected Boolean, got Single (Parameter 'schema')", mismatch.Message);
    }

    [TestMethod]
    public void Process_MarksTheException()
    {
        IExceptionContext env = new MLContext();
        var error = new InvalidOperationException();
        Assert.AreSame(error, env.Process(error));
        Assert.IsTrue(error.Data.Contains("ML_IsMarked"));
        Assert.AreEqual("HostEnvironment", env.ContextDescription);
    }

    private static IHost Register(MLContext context) => ((IHostEnvironment)context).Register("Test");

    private static int[] Draw(IHost host) => [.. Enumerable.Range(0, 8).Select(_ => host.Rand.Next())];
}
