namespace HumanCompatible.ML;

/// <summary>
/// What is wrong with a file, in a message that no file can make long. It nests no exception: ML.NET wraps what a loader throws, so that
/// its innermost exception is the one to show, and the reason by itself does not say of what it is.
/// </summary>
internal static class FormatProblem
{
    internal const int LongestMessage = 500;

    /// <param name="what">What cannot be read.</param>
    /// <param name="reason">Why.</param>
    internal static FormatException Of(string what, Exception reason) => new(Cut($"{what}: {reason.Message}"));

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
}
