using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class LoggingTests
{
    private readonly MLContext _context = new(1);
    private readonly List<LoggingEventArgs> _messages = [];

    public LoggingTests() => _context.Log += (sender, message) =>
    {
        Assert.AreSame(_context, sender);
        _messages.Add(message);
    };

    [TestMethod]
    public void Messages_CarryKindSourceAndText()
    {
        using (var channel = Host("Trainer").Start("Training"))
        {
            channel.Trace(MessageSensitivity.None, "t");
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 2, 10);
            channel.Warning(MessageSensitivity.Schema, "w");
            channel.Error(MessageSensitivity.All, "e");
        }
        var spoken = _messages.Where(message => !message.RawMessage.StartsWith("Channel", StringComparison.Ordinal)).ToList();
        CollectionAssert.AreEqual(
            new[] { ChannelMessageKind.Trace, ChannelMessageKind.Info, ChannelMessageKind.Warning, ChannelMessageKind.Error },
            spoken.Select(message => message.Kind).ToArray());
        Assert.IsTrue(_messages.TrueForAll(message => message.Source == "Trainer; Training"));
        Assert.AreEqual("epoch 2 of 10", spoken[1].RawMessage);
        Assert.AreEqual("[Source=Trainer; Training, Kind=Info] epoch 2 of 10", spoken[1].Message);
    }

    [TestMethod]
    public void Channel_TracesItsStartAndItsEnd()
    {
        Host("Trainer").Start("Training").Dispose();
        Assert.HasCount(3, _messages);
        Assert.AreEqual("Channel started", _messages[0].RawMessage);
        StringAssert.StartsWith(_messages[1].RawMessage, "Channel finished. Elapsed 00:00:0");
        Assert.AreEqual("Channel disposed", _messages[2].RawMessage);
        Assert.IsTrue(_messages.TrueForAll(message => message.Kind == ChannelMessageKind.Trace));
    }

    [TestMethod]
    public void Channel_DisposedTwice_EndsOnce()
    {
        var channel = Host("Trainer").Start("Training");
        channel.Dispose();
        channel.Dispose();
        Assert.HasCount(3, _messages);
    }

    [TestMethod]
    public void Shortcuts_WithoutSensitivity_ReachTheLog()
    {
        using (var channel = Host("Trainer").Start("Training"))
        {
            channel.Info("plain");
            channel.Warning("{0}%", 5);
        }
        Assert.IsTrue(_messages.Exists(message => message.RawMessage == "plain" && message.Kind == ChannelMessageKind.Info));
        Assert.IsTrue(_messages.Exists(message => message.RawMessage == "5%" && message.Kind == ChannelMessageKind.Warning));
    }

    [TestMethod]
    public void ContextItself_CanStartAChannel()
    {
        using (var channel = ((IHostEnvironment)_context).Start("Top"))
            channel.Info(MessageSensitivity.None, "i");
        Assert.IsTrue(_messages.TrueForAll(message => message.Source == "Top"));
    }

    [TestMethod]
    public void EmptyMessage_Throws()
    {
        using var channel = Host("Trainer").Start("Training");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => channel.Info(MessageSensitivity.None, ""));
    }

    [TestMethod]
    public void WithoutAListener_MessagesGoNowhere()
    {
        var context = new MLContext();
        using var channel = ((IHostEnvironment)context).Start("Quiet");
        channel.Info(MessageSensitivity.None, "unheard");
        Assert.HasCount(0, _messages);
    }

    [TestMethod]
    public void ChannelException_NamesWhereItWasThrown()
    {
        using var channel = Host("Trainer").Start("Training");
        var error = channel.Process(new InvalidOperationException());
        Assert.AreEqual("Trainer", error.Data["Throwing component"]);
        Assert.AreEqual("Training", error.Data["Phase"]);
        Assert.AreEqual("Trainer; Training", channel.ContextDescription);
    }

    [TestMethod]
    public void Progress_TakesMetricsThenUnits()
    {
        using var progress = Host("Trainer").StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss", "violation"], ["epochs"]), entry =>
        {
            entry.SetProgress(0, 1, 10);
            entry.SetMetric(0, 0.5);
        });
        progress.Checkpoint(0.5, 0.1, 3);
        progress.Checkpoint(0.5, null, 3, 10);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(0.5, 0.1, 3, 10, 1));
        Assert.AreEqual("Too many values provided in Checkpoint", error.Message);
    }

    [TestMethod]
    public void Progress_AfterDispose_Throws()
    {
        var progress = Host("Trainer").StartProgressChannel("Training");
        progress.Dispose();
        progress.Dispose();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint());
        Assert.AreEqual("Can't report checkpoints after disposing", error.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Host("Trainer").StartProgressChannel(""));
    }

    [TestMethod]
    public void Progress_NestedChannel_TakesCheckpointsOfAnyLength()
    {
        using var progress = Host("Trainer").StartProgressChannel("Training");
        using var inner = progress.StartProgressChannel("Inner");
        inner.SetHeader(new ProgressHeader("rows"), entry => entry.SetProgress(0, 1));
        inner.Checkpoint(1, 2, 3, 4);
        Assert.HasCount(1, new ProgressHeader("rows").UnitNames);
        Assert.HasCount(0, new ProgressHeader("rows").MetricNames);
    }

    private IHost Host(string name) => ((IHostEnvironment)_context).Register(name);
}
