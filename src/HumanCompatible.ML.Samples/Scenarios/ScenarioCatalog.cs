namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>The scenarios, in the order of the list that the command prints. Adding one is adding a file and a line here.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("quick-start", "Declare a constraint, train, audit the predictions by group.",
            (train, test, output, epochs) => QuickStart.Run(train, test, output, epochs)),
        new("save-and-load", "Save a model with its multipliers and history, load it with ML.NET's own call, compare the scores.",
            (train, test, output, epochs) => SaveAndLoad.Run(train, test, output, epochs)),
        new("explained-refusal", "Why a person was refused: what each column took from the score, or added to it.",
            (train, test, output, epochs) => ExplainedRefusal.Run(train, test, output, epochs)),
        new("several-classes", "A classifier of several classes: every class is predicted alike often for both groups.",
            (train, test, output, epochs) => SeveralClasses.Run(train, test, output, epochs)),
        new("numbers", "A regression: neither group is predicted too high or too low compared with the other.",
            (train, test, output, epochs) => Numbers.Run(train, test, output, epochs)),
        new("cross-validation", "ML.NET's CrossValidate over a constrained pipeline, with an audit of every fold.",
            (train, _, output, epochs) => CrossValidation.Run(train, output, epochs)),
        new("progress-and-cancellation", "Follow training, stop it after the second epoch that keeps the bound, use the best model so far.",
            (train, test, output, epochs) => ProgressAndCancellation.Run(train, test, output, epochs)),
        new("example-weights", "Train with a weight column: reweighing, compared with training without weights.",
            (train, test, output, epochs) => ExampleWeights.Run(train, test, output, epochs)),
        new("logistic-regression", "Logistic regression under equalized odds, without and with the constraint.",
            (train, test, output, epochs) => LogisticRegression.Run(train, test, output, epochs)),
        new("own-constraint", "A constraint that the library does not have, written as a function of a batch.",
            (train, test, output, epochs) => OwnConstraint.Run(train, test, output, epochs)),
        new("own-network", "A TorchSharp module of your own: registered, trained, saved, loaded.",
            (train, test, output, epochs) => OwnNetwork.Run(train, test, output, epochs)),
        new("stated-confidence", "Bounds that hold on unseen data with 95% confidence, and what is said where that cannot be shown.",
            (train, _, output, epochs) => StatedConfidence.Run(train, output, epochs)),
        new("going-on", "Load a model, train it further: bit by bit the same as one longer training.",
            (train, _, output, epochs) => GoingOn.Run(train, output, epochs)),
        new("own-loop", "A dual optimizer in a TorchSharp training loop of your own, without a trainer.",
            (train, _, output, epochs) => OwnLoop.Run(train, output, numberOfSteps: 30 * epochs)),
        new("audit-of-other-models", "Audit predictions that did not come from this library: a rule of thumb on education and marriage.",
            (_, test, output, _) => AuditOfOtherModels.Run(test, output)),
        new("text-classification", "The constrained trainer on top of Microsoft.ML.TorchSharp's text classifier (downloads a model).",
            (_, _, output, epochs) => TextClassification.Run(output, epochs)),
    ];
}
