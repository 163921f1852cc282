using System.Runtime.CompilerServices;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

// What ML.NET leaves public lets a third party write a transformer, but neither save one nor put a model into ML.NET's own. This folder
// uses what is internal to Microsoft.ML.Core and Microsoft.ML.Data instead; nothing outside it does, and it knows nothing of ours but the
// record of training that its models are, and the names of the models to load.
// - BinaryModelParameters, MulticlassModelParameters, RegressionModelParameters: the interfaces that ML.NET's prediction transformers ask
//   of their model (IPredictorProducing, IDistPredictorProducing, IValueMapper, IValueMapperDist). The model itself must have them, so it
//   derives from these classes, and these from FeatureModelParameters. By ISingleCanSaveOnnx and IDistCanSaveOnnx ML.NET's exporter writes
//   them as ONNX, by IFeatureContributionMapper it divides a score among the features.
// - OnnxGraph: OnnxContext and OnnxNode, the graph that the exporter makes.
// - FeatureContributionMapper: VectorUtils, what ML.NET's own models do with contributions.
// - ModelFolder, ModelLoader: ModelSaveContext, ModelLoadContext, VersionInfo. Nothing else writes an entry of one's own into a model file.
// - PredictionTransformers: their constructors.
// - TrainerPromise: the constructors of TrainerInfo and SchemaShape.Column; DefaultColumnNames and AnnotationUtils, which say what columns
//   and annotations a trainer promises.
// - HostEnvironments: CatalogUtils (the environment of a catalog), ICancelable (what CheckAlive asks), IHostEnvironmentInternal (the GPU).
// A test lists every member with its reason, and names the one that a version of Microsoft.ML lacks.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET finds the type to load by this attribute: without it a model loads only after a registration call in each MLContext.
[assembly: LoadableClass(typeof(ConstrainedBinaryModelParameters), typeof(ModelLoader<ConstrainedBinaryModelParameters>), null,
    typeof(SignatureLoadModel), "Constrained binary classification", ConstrainedBinaryModelParameters.LoaderSignature)]
[assembly: LoadableClass(typeof(ConstrainedMulticlassModelParameters), typeof(ModelLoader<ConstrainedMulticlassModelParameters>), null,
    typeof(SignatureLoadModel), "Constrained multiclass classification", ConstrainedMulticlassModelParameters.LoaderSignature)]
[assembly: LoadableClass(typeof(ConstrainedRegressionModelParameters), typeof(ModelLoader<ConstrainedRegressionModelParameters>), null,
    typeof(SignatureLoadModel), "Constrained regression", ConstrainedRegressionModelParameters.LoaderSignature)]
