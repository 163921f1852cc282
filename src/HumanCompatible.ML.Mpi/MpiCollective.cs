using System.Runtime.InteropServices;
using HumanCompatible.ML.Collectives;
using MPI;

namespace HumanCompatible.ML.Mpi;

/// <summary>
/// The processes of <c>mpiexec</c> as a collective: <c>mpiexec -n 4 dotnet train.dll</c>. One per process, for as long as it uses MPI; a
/// process that was started without mpiexec is alone. It needs MPICH (on Debian the package mpich), or MS-MPI on Windows.
/// </summary>
public sealed class MpiCollective : ICollective, IDisposable
{
    private static readonly TimeSpan TimeToForward = TimeSpan.FromSeconds(1);

    private readonly MPI.Environment _environment;
    private readonly Intracommunicator _processes;
    private float[] _floats = [];
    private double[] _doubles = [];

    static MpiCollective()
    {
        // MPI.NET asks for the library of MS-MPI, whose functions MPICH has under the same names.
        if (!OperatingSystem.IsWindows())
        {
            NativeLibrary.SetDllImportResolver(typeof(Communicator).Assembly, (name, assembly, path)
                => name == "msmpi.dll" ? NativeLibrary.Load("libmpich.so.12", assembly, path) : 0);
        }
    }

    /// <summary>Begins with MPI.</summary>
    /// <exception cref="DllNotFoundException">MPICH is not installed.</exception>
    public MpiCollective()
    {
        var arguments = System.Environment.GetCommandLineArgs();
        _environment = new MPI.Environment(ref arguments);
        _processes = Communicator.world;
    }

    /// <inheritdoc/>
    public int Rank => _processes.Rank;

    /// <inheritdoc/>
    public int Count => _processes.Size;

    /// <inheritdoc/>
    public void Sum(float[] values) => Sum(values, ref _floats, Operation<float>.Add);

    /// <inheritdoc/>
    public void Sum(double[] values) => Sum(values, ref _doubles, Operation<double>.Add);

    /// <summary>Writes the reason and ends all processes.</summary>
    /// <param name="reason">Why.</param>
    public void Abort(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Count == 1)
            return;
        Console.Error.WriteLine($"Process {Rank} of {Count} cannot go on: {reason.Message}");
        Console.Error.Flush();

        // mpiexec forwards what a process wrote when it comes to it, and drops the rest once one aborts.
        Thread.Sleep(TimeToForward);
        MPI.Environment.Abort(1);
    }

    /// <summary>Ends with MPI, for the rest of the process; all processes must have come to it.</summary>
    public void Dispose() => _environment.Dispose();

    // The sums of one process are told to the others, so that all have the same bits whatever the algorithm.
    private void Sum<T>(T[] values, ref T[] sums, ReductionOperation<T> add)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || Count == 1)
            return;
        if (sums.Length != values.Length)
            sums = new T[values.Length];
        _processes.Allreduce(values, add, ref sums);
        _processes.Broadcast(ref sums, 0);
        sums.CopyTo(values, 0);
    }
}
