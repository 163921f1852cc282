using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Tests.Persistence;

internal static class MessageAssert
{
    /// <summary>Asserts that a message is a pattern in which <c>*</c> stands for any text.</summary>
    internal static void Like(string pattern, string message) => Assert.MatchesRegex(
        $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", message);
}
