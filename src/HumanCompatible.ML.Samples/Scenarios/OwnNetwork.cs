using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// A TorchSharp module of your own in the place of a built-in network. A model file keeps its name and weights, not its code: whoever
/// loads the file registers the same name first. It scores through TorchSharp, so that program needs the native library too.
/// </summary>
internal static class OwnNetwork
{
    public sealed record Outcome(double Accuracy, bool ScoresAreIdentical);

    // Prints, on the census table Adult:
    //   epoch 9 of 10: accuracy 0.8573 on 6512 held-out rows (majority class 0.7592, best of any epoch 0.8573)
    //   DemographicParity(sex): 0.0398 [0.0305, 0.0491; each end 95%] on 19078 rows (training 0.0316, a row counting as 0.39 to 0.53,
    //     rates corrected by up to 0.0041, validation 0.0370), bound 0.0500: kept
    //   test accuracy 0.8555; loaded scores are identical
    public static Outcome Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        // Once per process, before training or loading. The factory gets the numbers of features and outputs.
        NetworkRegistry.Register("residual", (inputs, outputs) => new Residual(inputs, outputs));

        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        // Unlike a model with a built-in network, this one holds native memory, which disposing frees.
        using var model = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], network: Network.Module("residual"),
                numberOfEpochs: numberOfEpochs))
            .Fit(train);
        output.WriteLine(model.LastTransformer.Model.Summary);

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            ml.Model.Save(model, train.Schema, path);
            using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(path, out _);
            var accuracy = ml.BinaryClassification.Evaluate(loaded.Transform(test), labelColumnName: "income").Accuracy;
            var identical = Scores(model).SequenceEqual(Scores(loaded));
            output.WriteLine($"test accuracy {accuracy:0.0000}; loaded scores are {(identical ? "identical" : "DIFFERENT")}");
            return new(accuracy, identical);
        }
        finally
        {
            File.Delete(path);
        }

        IEnumerable<float> Scores(ITransformer transformer) => transformer.Transform(test).GetColumn<float>("Score");
    }

    // Takes [batch, features], gives [batch, outputs]. TorchSharp finds the layers by RegisterComponents.
    private sealed class Residual : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _first, _block, _last;

        public Residual(int inputs, int outputs)
            : base(nameof(Residual))
        {
            _first = torch.nn.Linear(inputs, 32);
            _block = torch.nn.Sequential(torch.nn.LayerNorm(32), torch.nn.GELU(), torch.nn.Linear(32, 32));
            _last = torch.nn.Linear(32, outputs);
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            var hidden = _first.call(input);
            return _last.call(hidden + _block.call(hidden));
        }
    }
}
