using HumanCompatible.ML.Duals;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>No tensor outlives its use, and an update allocates nothing.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DualOptimizerMemoryTests
{
    [TestMethod]
    [DynamicData(nameof(DualOptimizersUnderTest.Names), typeof(DualOptimizersUnderTest))]
    public void EveryCall_LeavesNoTensorBehind(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        var loss = tensor(1.0);
        var c = tensor(new[] { .1, -.2, .3, .4, -.5 }).requires_grad_();
        var tooShort = tensor(new[] { .1, -.2 });
        var transposed = tensor(new[,] { { .1, 9 }, { .2, 9 }, { .3, 9 }, { .4, 9 }, { .5, 9 } }).select(1, 0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            dual.Forward(loss, c).Dispose();
            dual.ForwardUpdate(loss, transposed).Dispose();
            dual.Update(c);
            dual.Update(transposed);
            dual.Step(c);
            dual.CreateDualTensor().Dispose();
            dual.LoadStateDict(dual.StateDict());
            Assert.ThrowsExactly<ArgumentException>(() => dual.Update(tooShort));
            Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [TestMethod]
    [DynamicData(nameof(DualOptimizersUnderTest.Names), typeof(DualOptimizersUnderTest))]
    public void Update_OfCpuConstraints_AllocatesNoManagedMemory(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var c = tensor(new[] { .1, -.2, .3, .4, -.5 }, dtype: dtype).requires_grad_();
            for (var i = 0; i < 100; i++)
                dual.Update(c);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                dual.Update(c);
            Assert.AreEqual(0, (GC.GetAllocatedBytesForCurrentThread() - before) / 1000, "bytes per update");
        }
    }

    [TestMethod]
    public void Forward_OfCpuConstraints_AllocatesOnlyTensorHandles()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(5, ConstraintKind.Inequality);
        var loss = tensor(1f);
        var c = rand(5).requires_grad_();
        long PerCall(Action call)
        {
            for (var i = 0; i < 100; i++)
                call();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                call();
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        }

        var handle = PerCall(() => loss.add(loss).Dispose());
        var forward = PerCall(() => dual.Forward(loss, c).Dispose());
        Assert.IsLessThanOrEqualTo(9 * handle, forward, $"{forward} bytes per call; one tensor handle takes {handle}");
    }
}
