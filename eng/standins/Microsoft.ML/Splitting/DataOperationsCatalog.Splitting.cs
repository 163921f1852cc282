using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var number = SplitNumber.Create(_env, data, samplingKeyColumnName, seed);
        return new TrainTestData(
            number.Part(0, testFraction, includeMax: false, complement: true),
            number.Part(0, testFraction, includeMax: false, complement: false));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        return CrossValidationSplit(_env, data, numberOfFolds, samplingKeyColumnName, seed);
    }

    internal static TrainTestData[] CrossValidationSplit(IHostEnvironment env, IDataView data, int numberOfFolds, string samplingKeyColumnName, int? seed)
    {
        var number = SplitNumber.Create(env, data, samplingKeyColumnName, seed);
        IDataView Part(int fold, bool complement) => number.Part((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds, includeMax: true, complement);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => new TrainTestData(Part(fold, complement: true), Part(fold, complement: false)))];
    }

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
