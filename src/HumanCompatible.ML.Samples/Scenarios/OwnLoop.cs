using HumanCompatible.ML.Duals;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// A dual optimizer in a TorchSharp loop of your own, without a trainer: logistic regression whose selection rates of men and women differ
/// by at most 0.05. The weights follow a differentiable violation, the multipliers the exact one of hard predictions.
/// </summary>
internal static class OwnLoop
{
    /// <summary>On the rows that were trained on.</summary>
    public sealed record Outcome(double Accuracy, double Difference, IReadOnlyList<double> Multipliers);

    // Prints, on the census table Adult:
    //   accuracy 0.8405, difference 0.0508, multipliers 0.2601 and 0.0000
    public static Outcome Run(string trainPath, TextWriter output, int numberOfSteps = 300)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var rows = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Fit(train).Transform(train);
        float[][] features = [.. rows.GetColumn<float[]>("Features")];
        bool[] isMan = [.. rows.GetColumn<string>("sex").Select(sex => sex == "Male")];
        bool[] labels = [.. rows.GetColumn<bool>("income")];

        // d p is the selection rate of men less that of women; the constraints are d p - 0.05 <= 0 and -d p - 0.05 <= 0.
        int men = isMan.Count(man => man), women = isMan.Length - men;
        using var x = tensor([.. features.SelectMany(row => row)], features.Length, features[0].Length);
        using var y = tensor([.. labels.Select(label => label ? 1f : 0f)]);
        using var d = tensor([.. isMan.Select(man => man ? 1f / men : -1f / women)]);
        using var bound = tensor([0.05f, 0.05f]);
        Tensor Constraints(Tensor predictions)
        {
            var difference = d.dot(predictions);
            return stack([difference, difference.neg()]).sub(bound);
        }

        random.manual_seed(1);
        using var model = nn.Linear(features[0].Length, 1);
        using var primal = optim.Adam(model.parameters(), lr: 0.05);
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Inequality,
            new InexactAugmentedLagrangianOptions { Beta = 2, Gamma = 0.1 }); // large steps: these rates are of all rows
        for (var step = 0; step < numberOfSteps; step++)
        {
            using var scope = NewDisposeScope(); // frees what the step makes
            var logits = model.call(x).squeeze(1);
            var loss = nn.functional.binary_cross_entropy_with_logits(logits, y);
            dual.Update(Constraints(Hard(logits)));
            primal.zero_grad();
            dual.Forward(loss, Constraints(logits.sigmoid())).backward();
            primal.step();
        }

        using var last = NewDisposeScope();
        using var noGradient = no_grad();
        var predictions = Hard(model.call(x).squeeze(1));
        var outcome = new Outcome(predictions.eq(y).to_type(ScalarType.Float32).mean().item<float>(),
            Math.Abs(d.dot(predictions).item<float>()), dual.DualValues);
        output.WriteLine($"accuracy {outcome.Accuracy:0.0000}, difference {outcome.Difference:0.0000}, "
            + $"multipliers {string.Join(" and ", outcome.Multipliers.Select(value => $"{value:0.0000}"))}");
        return outcome;

        static Tensor Hard(Tensor logits) => logits.sign().relu(); // 1 where the logit is above 0
    }
}
