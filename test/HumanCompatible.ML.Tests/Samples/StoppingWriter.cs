using System.Text;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>Presses Ctrl-C when a text has been written.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop, string text) : StringWriter
{
    public override void Write(char value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(StringBuilder? value)
    {
        base.Write(value);
        Look();
    }

    private void Look()
    {
        if (!stop.IsCancellationRequested && ToString().Contains(text, StringComparison.Ordinal))
            stop.Cancel();
    }
}
