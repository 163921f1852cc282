using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
public sealed class TorchThreadsTests
{
    [TestMethod]
    public void Dispose_PutsTheNumberBack()
    {
        var before = TorchState.Read();
        using (new TorchThreads(before.Threads + 1))
            Assert.AreEqual(before.Threads + 1, torch.get_num_threads());

        before.AssertUnchanged();
    }

    [TestMethod]
    public void Set_IsSeenByNoThreadThatComes()
    {
        var before = TorchState.Read();
        using (new TorchThreads(before.Threads + 1))
            Assert.AreEqual(before.ThreadsOfOthers, TorchState.Read().ThreadsOfOthers);

        before.AssertUnchanged();
    }

    [TestMethod]
    public void Set_OnANewThread_KnowsTheNumberThatTheThreadHadTaken()
    {
        var usual = TorchState.Read();
        using (new TorchThreads(usual.Threads + 1))
        {
            var after = 0;
            TorchState.OnANewThread(() =>
            {
                new TorchThreads(usual.Threads + 2).Dispose();
                after = torch.get_num_threads();
            });
            Assert.AreEqual(usual.ThreadsOfOthers, after);
        }

        usual.AssertUnchanged();
    }

    [TestMethod]
    public void Null_ChangesNothing()
    {
        var before = TorchState.Read();
        using (new TorchThreads(null))
            before.AssertUnchanged();
        before.AssertUnchanged();
    }

    // Each is new to torch when it comes, and the first to come is the first to go.
    [TestMethod]
    public void SeveralAtOnce_LeaveEveryThreadAndThoseThatComeAsTheyWere()
    {
        var before = TorchState.Read();
        var count = before.Threads;
        using var turns = new Barrier(3);
        var results = new (int During, int After)[3];
        var threads = Enumerable.Range(0, 3).Select(place => new Thread(() => Take(place))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 3).Select(place => (count + 1 + place, before.ThreadsOfOthers)).ToArray(), results);
        before.AssertUnchanged();

        void Take(int place)
        {
            TorchThreads? taken = null;
            InTurn(() => taken = new TorchThreads(count + 1 + place));
            var during = torch.get_num_threads();
            InTurn(() => taken!.Dispose());
            results[place] = (during, torch.get_num_threads());

            void InTurn(Action action)
            {
                for (var turn = 0; turn < 3; turn++)
                {
                    turns.SignalAndWait();
                    if (turn == place)
                        action();
                }

                turns.SignalAndWait();
            }
        }
    }
}
