using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>A small generated census and captured output, for running samples inside tests.</summary>
internal sealed class SampleRuns : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public SampleRuns(int trainingRows = 3_000, int testRows = 1_500)
    {
        Tables = CensusTables.Generate(trainingRows, testRows, seed: 3);
        Output = SampleOutput.Plain(_output, _error);
    }

    public CensusTables Tables { get; }

    public SampleOutput Output { get; }

    public string Written => _output.ToString();

    public string WrittenAsError => _error.ToString();

    /// <summary>Where a scenario writes.</summary>
    public TextWriter Writer => _output;

    public void Dispose() => Tables.Dispose();
}
