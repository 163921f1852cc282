namespace Microsoft.ML.Runtime;

/// <summary>Checks what a computation reports. As in an MLContext of the original, no listener sees it.</summary>
internal sealed class ProgressChannel(IExceptionContext context, bool isNested) : IProgressChannel
{
    private ProgressHeader _header = new();
    private bool _disposed;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        if (isNested)
            return;
        context.Check(!_disposed, "Can't report checkpoints after disposing");
        Contracts.CheckValue(_header, "header");
        // Each metric has one value, each unit a progress and a limit.
        context.Check((values?.Length ?? 0) <= _header.MetricNames.Count + 2 * _header.UnitNames.Count, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(context, isNested: true);

    public void Dispose() => _disposed = true;
}
