using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Tests.Collectives;

[TestClass]
public sealed class ThreadTeamTests
{
    [TestMethod]
    public void Sum_OfManyNumbersByThreeMembers_IsInTheOrderOfTheMembers()
    {
        const int Rounds = 300;
        var team = new ThreadTeam(3);
        var problems = Run(team, member =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                // In any other order the small numbers are lost.
                float[] parts = [1e8f, -1e8f, 1];
                float[] values = [parts[member.Rank], round + member.Rank];
                member.Sum(values);
                CollectionAssert.AreEqual(new[] { 1f, (3 * round) + 3 }, values);
                double[] others = [round, 0.5, member.Rank];
                member.Sum(others);
                CollectionAssert.AreEqual(new[] { 3.0 * round, 1.5, 3 }, others);
            }
        });
        Assert.IsEmpty(problems);
    }

    [TestMethod]
    public void Sum_OfMoreAndFewerNumbersThanBefore_IsOfThose()
    {
        var team = new ThreadTeam(2);
        var problems = Run(team, member =>
        {
            foreach (var count in new[] { 5000, 1, 0, 3, 7000, 2, 4 })
            {
                float[] values = [.. Enumerable.Repeat(member.Rank + 1f, count)];
                member.Sum(values);
                Assert.IsTrue(values.All(value => value == 3), $"{count}");
            }
        });
        Assert.IsEmpty(problems);
    }

    [TestMethod]
    public void Fail_WhileOthersWait_EndsThem()
    {
        var team = new ThreadTeam(3);
        var problems = Run(team, member =>
        {
            member.Sum(new float[1]);
            if (member.Rank == 1)
                team.Fail(new InvalidOperationException("out of luck"));
            else
                member.Sum(new float[1]);
        });
        Assert.HasCount(2, problems);
        foreach (var problem in problems)
            Assert.AreEqual("out of luck", Assert.IsInstanceOfType<TeamFailedException>(problem).Message);
    }

    [TestMethod]
    public void Fail_ByCancellation_EndsTheOthersAsCanceled()
    {
        var team = new ThreadTeam(2);
        team.Fail(new OperationCanceledException());
        Assert.ThrowsExactly<OperationCanceledException>(() => team.Members[0].Sum(new double[1]));
    }

    [TestMethod]
    public void Fail_AfterASum_DoesNotTakeItFromTheOthers()
    {
        for (var round = 0; round < 2000; round++)
        {
            var team = new ThreadTeam(2);
            var problems = Run(team, member =>
            {
                float[] values = [1];
                member.Sum(values);
                Assert.AreEqual(2, values[0]);
                if (member.Rank == 1)
                    team.Fail(new OperationCanceledException());
            });
            Assert.IsEmpty(problems, $"Round {round}: {problems.FirstOrDefault()}");
        }
    }

    private static IReadOnlyList<Exception> Run(ThreadTeam team, Action<ICollective> work)
    {
        var problems = new List<Exception>();
        var threads = team.Members.Select(member => new Thread(() =>
        {
            try
            {
                work(member);
            }
            catch (Exception problem)
            {
                lock (problems)
                    problems.Add(problem);
                team.Fail(problem);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return problems;
    }
}
