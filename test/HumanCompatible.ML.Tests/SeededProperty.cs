using System.Globalization;
using FsCheck;

namespace HumanCompatible.ML.Tests;

/// <summary>
/// Checks properties with the same random cases in every run, so that a failure repeats; HC_PROPERTY_SEED gives other ones.
/// </summary>
internal static class SeededProperty
{
    private const ulong DefaultSeed = 20261122;

    internal static void CheckSeeded(this Property property, int numberOfCases = 100)
        => property.Check(Config.QuickThrowOnFailure.WithMaxTest(numberOfCases).WithReplay(Seed(), 1));

    private static ulong Seed()
        => Environment.GetEnvironmentVariable("HC_PROPERTY_SEED") is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture) : DefaultSeed;
}
