using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>The number of threads that torch computes with, and devices that are not there.</summary>
[TestClass]
public sealed class ThreadAndDeviceTests
{
    // So putting the number back takes more than one call where several threads train.
    [TestMethod]
    public void SetNumThreads_HoldsForItsThreadAndThoseThatCome_NotForThoseThatAre()
    {
        using var isThere = new ManualResetEventSlim();
        using var mayGo = new ManualResetEventSlim();
        var (before, after) = (0, 0);
        var old = new Thread(() =>
        {
            before = torch.get_num_threads();
            isThere.Set();
            mayGo.Wait();
            after = torch.get_num_threads();
        });
        old.Start();
        isThere.Wait();
        var usual = OnANewThread(torch.get_num_threads);
        try
        {
            Assert.AreEqual(usual + 5, OnANewThread(() => SetAndGet(usual + 5)));
            Assert.AreEqual(usual + 5, OnANewThread(torch.get_num_threads));
        }
        finally
        {
            OnANewThread(() => SetAndGet(usual));
            mayGo.Set();
            old.Join();
        }

        Assert.AreEqual(before, after);
        Assert.AreEqual(usual, OnANewThread(torch.get_num_threads));
    }

    [TestMethod]
    public void Cuda_WithoutABackend_IsAskedForWithoutAnException_AndCannotBeNamed()
    {
        if (torch.cuda.is_available())
            Assert.Inconclusive("There is a CUDA device.");

        Assert.AreEqual(0, torch.cuda.device_count());
        Assert.ThrowsExactly<InvalidOperationException>(() => torch.device("cuda:0"));
    }

    private static int SetAndGet(int count)
    {
        torch.set_num_threads(count);
        return torch.get_num_threads();
    }

    private static int OnANewThread(Func<int> question)
    {
        var answer = 0;
        var thread = new Thread(() => answer = question());
        thread.Start();
        thread.Join();
        return answer;
    }
}
