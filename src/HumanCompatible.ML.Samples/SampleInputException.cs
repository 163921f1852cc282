namespace HumanCompatible.ML.Samples;

/// <summary>What the caller gave cannot be used. The message says why, and the program ends with exit code 1.</summary>
internal sealed class SampleInputException(string message, Exception? innerException = null) : Exception(message, innerException);
