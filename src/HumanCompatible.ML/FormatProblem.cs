namespace HumanCompatible.ML;

/// <summary>What is wrong with a file, in a message that no file can make long.</summary>
internal static class FormatProblem
{
    internal const int LongestMessage = 500;

    /// <param name="what">What cannot be read.</param>
    /// <param name="reason">Why.</param>
    internal static FormatException Of(string what, Exception reason) => new(Cut($"{what}: {reason.Message}"), reason);

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
}
