using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Tests.Collectives;

/// <summary>Members of a collective that are threads.</summary>
internal static class Members
{
    /// <summary>What each comes to, by its rank. None may fail.</summary>
    internal static T[] Together<T>(int count, Func<ICollective, T> work)
    {
        var team = new ThreadTeam(count);
        var results = new T[count];
        var failures = new List<Exception>();
        var threads = team.Members.Select(member => new Thread(() =>
        {
            try
            {
                results[member.Rank] = work(member);
            }
            catch (Exception problem)
            {
                lock (failures)
                    failures.Add(problem);
                team.Fail(problem);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.IsEmpty(failures, failures.FirstOrDefault()?.ToString());
        return results;
    }
}
