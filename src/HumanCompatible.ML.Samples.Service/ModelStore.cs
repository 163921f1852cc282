using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace HumanCompatible.ML.Samples.Service;

/// <summary>
/// The model that serves now. Looks at the file, and takes what is there when it is another and loads; a file that does not load changes
/// nothing but the health. Save it with <c>mlContext.Constrained().Model.Save</c>, which moves the whole file into place.
/// </summary>
internal sealed partial class ModelStore(IOptions<ModelSettings> settings, ILogger<ModelStore> log) : BackgroundService, IHealthCheck
{
    private volatile ServedModel? _current;
    private volatile string? _problem;
    private (DateTime Written, long Length) _seen;

    /// <summary>The model. Take it once a request.</summary>
    public ServedModel Current => _current ?? throw new InvalidOperationException("The service has not started.");

    /// <summary>Loads the model before the first request: without one the service does not start.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _seen = Look();
        _current = ServedModel.Load(await File.ReadAllBytesAsync(settings.Value.Path, cancellationToken));
        LogServed(_current.Version);
        await base.StartAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(_problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Value.Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TakeAsync(stoppingToken);
    }

    private async Task TakeAsync(CancellationToken cancellation)
    {
        try
        {
            // Looked at before it is read: what replaces it in between is seen the next time.
            var found = Look();
            if (found == _seen)
            {
                _problem = null;
                return;
            }

            var model = ServedModel.Load(await File.ReadAllBytesAsync(settings.Value.Path, cancellation));
            (_seen, _current, _problem) = (found, model, null);
            LogServed(model.Version);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            if (_problem != problem.Message)
                LogRefused(settings.Value.Path, problem);
            _problem = problem.Message;
        }
    }

    private (DateTime Written, long Length) Look()
    {
        var file = new FileInfo(settings.Value.Path);
        return (file.LastWriteTimeUtc, file.Length);
    }

    [LoggerMessage(LogLevel.Information, "Model {Version} serves.")]
    private partial void LogServed(string version);

    [LoggerMessage(LogLevel.Warning, "{Path} cannot serve; the former model does.")]
    private partial void LogRefused(string path, Exception problem);
}
