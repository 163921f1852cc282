using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Samples.Service;
using Microsoft.AspNetCore.Mvc.Testing;

namespace HumanCompatible.ML.Tests.Samples.Service;

/// <summary>The service with a model file of its own, and a client.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    /// <summary>How people and answers are written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hcml-service-").FullName;
    private readonly WebApplicationFactory<ModelStore> _factory;

    public RunningService(byte[]? file, int largestBatch = 10_000)
    {
        if (file is not null)
            Replace(file);
        _factory = new WebApplicationFactory<ModelStore>().WithWebHostBuilder(builder => builder
            .UseSetting("Model:Path", ModelPath)
            .UseSetting("Model:Interval", "00:00:00.020")
            .UseSetting("Model:LargestBatch", $"{largestBatch}")
            .UseSetting("Logging:LogLevel:Default", "None"));
    }

    private string ModelPath => Path.Combine(_folder, "model.zip");

    public HttpClient Client => field ??= _factory.CreateClient();

    /// <summary>Moves a file into the place of the model's.</summary>
    public void Replace(byte[] file)
    {
        var beside = Path.Combine(_folder, "beside");
        File.WriteAllBytes(beside, file);
        File.Move(beside, ModelPath, overwrite: true);
    }

    public async Task<BatchAnswer> DecideAsync(params Applicant[] people)
    {
        using var response = await Client.PostAsJsonAsync("/predict/batch", people, Json);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<BatchAnswer>(Json))!;
    }

    public async Task<ModelAnswer> DescribeAsync() => (await Client.GetFromJsonAsync<ModelAnswer>("/model", Json))!;

    public Task<string> HealthAsync() => Client.GetStringAsync("/health");

    /// <summary>Asks until it is so, for at most a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var start = DateTime.UtcNow; DateTime.UtcNow - start < TimeSpan.FromMinutes(1); await Task.Delay(20))
        {
            if (await isSo())
                return;
        }

        throw new AssertFailedException($"Not within a minute: {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
