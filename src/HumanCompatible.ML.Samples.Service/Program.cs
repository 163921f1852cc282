using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HumanCompatible.ML.Samples.Service;

/// <summary>A web service that answers with a model.zip: /predict, /predict/batch, /model, /health.</summary>
internal static class Program
{
    private static void Main(string[] arguments) => Build(arguments).Run();

    internal static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Services.AddOptions<ModelSettings>().BindConfiguration("Model").ValidateOnStart()
            .Validate(settings => settings.Interval >= TimeSpan.FromMilliseconds(1), "Model:Interval must be at least a millisecond.")
            .Validate(settings => settings.LargestBatch >= 1, "Model:LargestBatch must be at least 1.");
        builder.Services.AddSingleton<ModelStore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelStore>());
        builder.Services.AddHealthChecks().AddCheck<ModelStore>("model");
        // What cannot be read is told as problem details, in production too: which member of which person.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context
            => context.ProblemDetails.Detail ??= context.Exception is BadHttpRequestException problem
                ? (problem.InnerException ?? problem).Message : null);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow; // a misspelled column is no column
            options.SerializerOptions.AllowDuplicateProperties = false; // which of two values was meant?
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // "NaN" is no number
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });

        var service = builder.Build();
        service.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = problem => (problem as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        service.UseStatusCodePages();
        service.MapPost("/predict", Predict);
        service.MapPost("/predict/batch", PredictBatch);
        service.MapGet("/model", Describe);
        service.MapHealthChecks("/health");
        return service;
    }

    private static Results<Ok<Answer>, ProblemHttpResult> Predict(Applicant applicant, ModelStore store)
    {
        var model = store.Current;
        var decision = model.Decide([applicant])[0];
        return float.IsFinite(decision.Score) ? TypedResults.Ok(new Answer(model.Version, decision)) : OutOfRange(0);
    }

    private static Results<Ok<BatchAnswer>, ProblemHttpResult> PredictBatch(Applicant?[] applicants, ModelStore store,
        IOptions<ModelSettings> settings)
    {
        if (applicants.Length > settings.Value.LargestBatch)
        {
            return TypedResults.Problem($"A request is of at most {settings.Value.LargestBatch} people, got {applicants.Length}.",
                statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        if (Array.IndexOf(applicants, null) is >= 0 and var missing)
            return TypedResults.Problem($"Person {missing} is null.", statusCode: StatusCodes.Status400BadRequest);
        var model = store.Current;
        var decisions = model.Decide([.. applicants.OfType<Applicant>()]);
        for (var index = 0; index < decisions.Count; index++)
        {
            if (!float.IsFinite(decisions[index].Score))
                return OutOfRange(index);
        }

        return TypedResults.Ok(new BatchAnswer(model.Version, decisions));
    }

    private static Ok<ModelAnswer> Describe(ModelStore store)
    {
        var model = store.Current;
        var summary = model.Parameters.Summary;
        return TypedResults.Ok(new ModelAnswer(model.Version, model.Parameters.Origin, model.Parameters.FeatureCount,
            summary.ValidationAccuracy, [.. summary.Constraints.Select(VerdictAnswer.Of)], model.Parameters.Duals, summary.Warnings));
    }

    private static ProblemHttpResult OutOfRange(int index)
        => TypedResults.Problem($"The model has no answer for person {index}: a number is too large.",
            statusCode: StatusCodes.Status422UnprocessableEntity);
}
