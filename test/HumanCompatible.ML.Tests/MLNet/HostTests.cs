using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>What the trainers rest on in ML.NET's environments.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public void Rand_OfAHost_DependsOnTheSeedAndTheOrderOfRegistrations_NotOnNames()
    {
        IHostEnvironment environment = new MLContext(7), other = new MLContext(7);

        var (first, second) = (Draw(environment.Register("a")), Draw(environment.Register("b")));

        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Draw(other.Register("z")));
        CollectionAssert.AreEqual(second, Draw(other.Register("a")));
    }

    [TestMethod]
    public void IsCanceled_AfterTheContextWasCancelled_IsTrueInItsHosts()
    {
        var context = new MLContext();
        var host = ((IHostEnvironment)context).Register("Trainer");
        Assert.AreEqual(false, InternalMembers.Invoke("Runtime.ICancelable", "get_IsCanceled", host));

        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);

        Assert.AreEqual(true, InternalMembers.Invoke("Runtime.ICancelable", "get_IsCanceled", host));
    }

    [TestMethod]
    public void GpuDeviceId_OfTheContext_IsThatOfItsHosts()
    {
        var plain = ((IHostEnvironment)new MLContext()).Register("Trainer");
        var host = ((IHostEnvironment)new MLContext { GpuDeviceId = 3, FallbackToCpu = true }).Register("Trainer");

        Assert.AreEqual((null, false), Device(plain));
        Assert.AreEqual((3, true), Device(host));
    }

    [TestMethod]
    public void GetEnvironment_OfTheBinaryTrainers_RegistersAndLogsAsTheContextDoes()
    {
        var context = new MLContext(7);
        var sources = new List<string>();
        context.Log += (_, message) => sources.Add($"{message.Source}: {message.RawMessage}");

        var trainers = context.BinaryClassification.Trainers;
        var environment = (IHostEnvironment)InternalMembers.Invoke("Data.CatalogUtils", "GetEnvironment", null, trainers);
        var host = environment.Register("Trainer");
        using (var channel = host.Start("Training"))
            channel.Info(MessageSensitivity.None, "found");

        Assert.Contains("Trainer; Training: found", sources);
        CollectionAssert.AreEqual(Draw(((IHostEnvironment)new MLContext(7)).Register("Trainer")), Draw(host));
    }

    private static int[] Draw(IHost host) => [.. Enumerable.Range(0, 4).Select(_ => host.Rand.Next())];

    private static (int? Id, bool FallbackToCpu) Device(IHost host) => (
        (int?)InternalMembers.Invoke("Runtime.IHostEnvironmentInternal", "get_GpuDeviceId", host),
        (bool)InternalMembers.Invoke("Runtime.IHostEnvironmentInternal", "get_FallbackToCpu", host));
}
