namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>What the caller asked for or gave cannot be used; the message says why.</summary>
internal sealed class HoldInputException(string message) : Exception(message);
