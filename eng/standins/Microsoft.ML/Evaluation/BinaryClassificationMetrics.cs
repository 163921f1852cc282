namespace Microsoft.ML.Data;

public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(double auc, double accuracy, double f1Score, double auprc, ConfusionMatrix confusionMatrix)
    {
        (AreaUnderRocCurve, Accuracy, F1Score, AreaUnderPrecisionRecallCurve, ConfusionMatrix) = (auc, accuracy, f1Score, auprc, confusionMatrix);
        (PositivePrecision, NegativePrecision) = (confusionMatrix.PerClassPrecision[0], confusionMatrix.PerClassPrecision[1]);
        (PositiveRecall, NegativeRecall) = (confusionMatrix.PerClassRecall[0], confusionMatrix.PerClassRecall[1]);
    }

    public double AreaUnderRocCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision { get; }

    public double PositiveRecall { get; }

    public double NegativePrecision { get; }

    public double NegativeRecall { get; }

    public double F1Score { get; }

    public double AreaUnderPrecisionRecallCurve { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}

public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(double auc, double accuracy, double f1Score, double auprc, ConfusionMatrix confusionMatrix,
        double logLoss, double logLossReduction, double entropy)
        : base(auc, accuracy, f1Score, auprc, confusionMatrix)
        => (LogLoss, LogLossReduction, Entropy) = (logLoss, logLossReduction, entropy);

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double Entropy { get; }
}
