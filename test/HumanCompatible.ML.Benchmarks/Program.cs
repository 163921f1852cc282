using BenchmarkDotNet.Running;
using HumanCompatible.ML.Benchmarks;
using HumanCompatible.ML.Benchmarks.Accuracy;
using HumanCompatible.ML.Benchmarks.Files;
using HumanCompatible.ML.Benchmarks.Hold;
using HumanCompatible.ML.Benchmarks.Scale;
using HumanCompatible.ML.Benchmarks.Scoring;
using HumanCompatible.ML.Benchmarks.Tasks;

return args switch
{
    ["step", .. var rest] => StepCommand.Run(rest),
    ["dual", .. var rest] => DualCommand.Run(rest),
    ["scoring", .. var rest] => ScoringCommand.Run(rest),
    ["text", .. var rest] => TextCommand.Run(rest),
    ["hold", .. var rest] => HoldCommand.Run(rest),
    ["tasks", .. var rest] => TasksCommand.Run(rest),
    ["accuracy", .. var rest] => AccuracyCommand.Run(rest),
    ["audit", .. var rest] => AuditCommand.Run(rest),
    ["soak", .. var rest] => SoakCommand.Run(rest),
    ["scale", .. var rest] => ScaleCommand.Run(rest),
    ["experiments", .. var rest] => ExperimentsCommand.Run(rest),
    ["fuzz", .. var rest] => FuzzCommand.Run(rest),
    ["store", .. var rest] => StoreCommand.Run(rest),
    _ => RunSwitcher(args),
};

static int RunSwitcher(string[] args)
{
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkSettings).Assembly).Run(args, new BenchmarkSettings());
    return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
}
