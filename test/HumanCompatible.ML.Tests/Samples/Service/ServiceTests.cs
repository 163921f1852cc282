using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Samples.Service;
using Microsoft.Extensions.Options;

namespace HumanCompatible.ML.Tests.Samples.Service;

/// <summary>The sample web service, asked over HTTP.</summary>
[TestClass]
public sealed class ServiceTests
{
    private const int Replacements = 20;
    private const int Clients = 3;

    private static readonly Applicant[] People = CensusModels.People;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Predict_OfOneAndOfMany_GivesTheScoresOfTheModel()
    {
        await using var service = new RunningService(CensusModels.One.Bytes);

        var batch = await service.DecideAsync(People);
        using var response = await service.Client.PostAsJsonAsync("/predict", People[3], RunningService.Json);
        var one = await response.Content.ReadFromJsonAsync<Answer>(RunningService.Json);

        CollectionAssert.AreEqual(CensusModels.One.Scores, batch.Decisions.Select(decision => decision.Score).ToArray());
        Assert.AreEqual((CensusModels.One.Version, CensusModels.One.Version), (batch.Model, one!.Model));
        Assert.AreEqual(CensusModels.One.Scores[3], one.Decision.Score);
        foreach (var decision in batch.Decisions)
            Assert.AreEqual((decision.Score > 0, decision.Probability > 0.5f), (decision.PredictedLabel, decision.PredictedLabel));
        Assert.IsEmpty((await service.DecideAsync()).Decisions);
    }

    [TestMethod]
    public async Task Model_TellsItsVerdictsAndDuals()
    {
        await using var service = new RunningService(CensusModels.One.Bytes);

        var model = await service.DescribeAsync();

        Assert.AreEqual(CensusModels.One.Version, model.Version);
        Assert.AreEqual(("DemographicParity(sex)", 0.1), (model.Verdicts.Single().Constraint, model.Verdicts.Single().Bound));
        StringAssert.StartsWith(model.Verdicts.Single().Text, "DemographicParity(sex): ");
        Assert.IsNotEmpty(model.Duals);
        Assert.IsTrue(model.Duals.All(dual => dual.Constraint == "DemographicParity(sex)" && dual.Value >= 0));
        Assert.AreEqual("Healthy", await service.HealthAsync());
    }

    [TestMethod]
    [DataRow("a column is missing", HttpStatusCode.BadRequest, "'age'")]
    [DataRow("a column is null", HttpStatusCode.BadRequest, "'workclass'")]
    [DataRow("a column is misspelled", HttpStatusCode.BadRequest, "'works'")]
    [DataRow("a number is text", HttpStatusCode.BadRequest, "$[1].age")]
    [DataRow("a number is quoted", HttpStatusCode.BadRequest, "$[1].age")]
    [DataRow("a column is given twice", HttpStatusCode.BadRequest, "'age'")]
    [DataRow("a person is null", HttpStatusCode.BadRequest, "Person 1 is null.")]
    [DataRow("a number is beyond what can be scored", HttpStatusCode.UnprocessableEntity, "no answer for person 1")]
    [DataRow("too many people", HttpStatusCode.RequestEntityTooLarge, "at most 5 people, got 6")]
    public async Task PredictBatch_OfWhatCannotBeAnswered_SaysWhy(string problem, HttpStatusCode expected, string reason)
    {
        await using var service = new RunningService(CensusModels.One.Bytes, largestBatch: 5);
        var people = System.Text.Json.JsonSerializer.SerializeToNode(People.Take(2), RunningService.Json)!.AsArray();
        var second = people[1]!.AsObject();
        switch (problem)
        {
            case "a column is missing":
                second.Remove("age");
                break;
            case "a column is null":
                second["workclass"] = null;
                break;
            case "a column is misspelled":
                second["works"] = "x";
                break;
            case "a number is text":
                second["age"] = "old";
                break;
            case "a number is quoted":
                second["age"] = "NaN";
                break;
            case "a column is given twice":
                break;
            case "a person is null":
                people[1] = null;
                break;
            case "a number is beyond what can be scored":
                second["capitalGain"] = 1e39;
                break;
            default:
                people = new JsonArray([.. Enumerable.Range(0, 6).Select(_ => second.DeepClone())]);
                break;
        }

        var text = people.ToJsonString();
        if (problem == "a column is given twice")
            text = text.Replace("\"age\":", "\"age\":1,\"age\":", StringComparison.Ordinal);
        using var body = new StringContent(text, Encoding.UTF8, "application/json");
        using var response = await service.Client.PostAsync("/predict/batch", body);

        var details = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.AreEqual(expected, response.StatusCode, details.ToString());
        StringAssert.Contains((string?)details["detail"] ?? "", reason);
        Assert.HasCount(5, (await service.DecideAsync(People[..5])).Decisions);
    }

    [TestMethod]
    public async Task ModelFile_ThatIsDamaged_LeavesTheFormerModelUntilAGoodOneComes()
    {
        await using var service = new RunningService(CensusModels.One.Bytes);
        Assert.AreEqual("Healthy", await service.HealthAsync());

        service.Replace(CensusModels.Other.Bytes[..^1000]);
        await RunningService.UntilAsync(async () => await service.HealthAsync() == "Degraded", "the damage is noticed");
        Assert.AreEqual(CensusModels.One.Version, (await service.DescribeAsync()).Version);
        Assert.AreEqual(CensusModels.One.Scores[0], (await service.DecideAsync(People[0])).Decisions.Single().Score);

        service.Replace(CensusModels.Other.Bytes);
        await RunningService.UntilAsync(async () => (await service.DescribeAsync()).Version == CensusModels.Other.Version, "the new model");
        Assert.AreEqual("Healthy", await service.HealthAsync());
    }

    [TestMethod]
    public async Task Service_WithoutAModelThatLoads_DoesNotStart()
    {
        await using var without = new RunningService(null);
        await using var damaged = new RunningService(CensusModels.One.Bytes[..^1000]);

        // The factory may find the host of a program that ended already disposed.
        Assert.IsTrue(Assert.Throws<Exception>(() => without.Client) is FileNotFoundException or ObjectDisposedException);
        Assert.Throws<Exception>(() => damaged.Client);
    }

    [TestMethod]
    [DataRow(0, "00:00:01", "Model:LargestBatch must be at least 1.")]
    [DataRow(1, "00:00:00", "Model:Interval must be at least a millisecond.")]
    public async Task Service_WithSettingsOutOfRange_DoesNotStartAndSaysWhich(int largestBatch, string interval, string expected)
    {
        await using var service = Program.Build([$"--Model:LargestBatch={largestBatch}", $"--Model:Interval={interval}",
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);

        var problem = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => service.StartAsync());

        Assert.AreEqual(expected, problem.Message);
    }

    [TestMethod]
    public async Task Requests_WhileTheModelIsReplaced_AreAllAnsweredByOneModelOrTheOther()
    {
        await using var service = new RunningService(CensusModels.One.Bytes);
        var models = new[] { CensusModels.One, CensusModels.Other }.ToDictionary(model => model.Version);
        using var loading = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var clients = Enumerable.Range(0, Clients)
            .Select(client => Task.Run(() => AskAsync(service, models, client, loading.Token))).ToList();

        for (var replacement = 1; replacement <= Replacements; replacement++)
        {
            var next = replacement % 2 == 0 ? CensusModels.One : CensusModels.Other;
            service.Replace(next.Bytes);
            await RunningService.UntilAsync(async () => (await service.DescribeAsync()).Version == next.Version, "the new model");
        }

        Assert.IsFalse(loading.IsCancellationRequested, "It took more than three minutes.");
        loading.Cancel();
        var answered = await Task.WhenAll(clients);
        TestContext.WriteLine($"{answered.Sum(answers => answers.Values.Sum())} answers during {Replacements} replacements");
        foreach (var version in models.Keys)
            Assert.IsGreaterThan(0, answered.Sum(answers => answers.GetValueOrDefault(version)), version);
    }

    // Asks for people in turn, singly and in batches, and throws for an error or a wrong answer.
    private static async Task<Dictionary<string, int>> AskAsync(RunningService service, Dictionary<string, CensusModel> models, int client,
        CancellationToken stop)
    {
        var answered = new Dictionary<string, int>();
        for (var next = client; !stop.IsCancellationRequested; next++)
        {
            var start = next % (People.Length - 8);
            var count = next % 2 == 0 ? 1 : 8;
            var answer = await service.DecideAsync(People[start..(start + count)]);
            CollectionAssert.AreEqual(models[answer.Model].Scores[start..(start + count)],
                answer.Decisions.Select(decision => decision.Score).ToArray());
            answered[answer.Model] = answered.GetValueOrDefault(answer.Model) + 1;
        }

        return answered;
    }
}
