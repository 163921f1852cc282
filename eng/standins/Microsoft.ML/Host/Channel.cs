using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>Sends messages to the listeners of the environment, under the name "Parent; Name".</summary>
internal class Pipe<TMessage>(HostEnvironment parent, string name) : IPipe<TMessage>
{
    private bool _disposed;

    public string FullName { get; } = HostEnvironment.Join(parent.FullName, name);

    public string ContextDescription => FullName;

    public virtual void Send(TMessage msg) => parent.Dispatch(FullName, msg);

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex == null)
            return null;
        ex.Data["Throwing component"] = parent.ShortName;
        ex.Data["Parent component"] = parent.ParentFullName;
        ex.Data["Phase"] = name;
        return Contracts.Mark(ex);
    }

    public void Dispose()
    {
        if (!_disposed)
            Finish();
        _disposed = true;
    }

    protected virtual void Finish()
    {
    }
}

internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public Channel(HostEnvironment parent, string name)
        : base(parent, name)
        => Trace(MessageSensitivity.None, "Channel started");

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    protected override void Finish()
    {
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
        Trace(MessageSensitivity.None, "Channel disposed");
    }
}
