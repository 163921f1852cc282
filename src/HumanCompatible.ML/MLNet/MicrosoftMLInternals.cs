using System.Runtime.CompilerServices;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

// What ML.NET leaves public lets a third party write a transformer, but neither save one nor put a model into ML.NET's own. This folder
// uses
// what is internal to Microsoft.ML.Core and Microsoft.ML.Data instead; nothing outside it does, and it knows nothing of ours but the name
// of
// the model to load.
// - BinaryModelParameters: the interfaces that BinaryPredictionTransformer asks of its model (IPredictorProducing, IDistPredictorProducing,
//   IValueMapperDist). The model itself must have them, so it derives from this class.
//   Through IDistCanSaveOnnx its exporter writes the model as ONNX.
// - FeatureContributionMapper: VectorUtils, what ML.NET's own models do with contributions; IFeatureContributionMapper asks for them.
// - OnnxGraph: OnnxContext and OnnxNode, the graph that the exporter makes.
// - ModelFolder, ModelLoader: ModelSaveContext, ModelLoadContext, VersionInfo. Nothing else writes an entry of one's own into a model file.
// - BinaryTrainer: the constructors of BinaryPredictionTransformer, TrainerInfo and SchemaShape.Column; DefaultColumnNames and
//   AnnotationUtils, which say what columns and annotations a binary trainer promises.
// - HostEnvironments: CatalogUtils (the environment of a catalog), ICancelable (what CheckAlive asks), IHostEnvironmentInternal (the GPU).
// A test lists every member with its reason, and names the one that a version of Microsoft.ML lacks.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET finds the type to load by this attribute: without it a model loads only after a registration call in each MLContext.
[assembly: LoadableClass(typeof(ConstrainedBinaryModelParameters), typeof(ModelLoader<ConstrainedBinaryModelParameters>), null,
    typeof(SignatureLoadModel), "Constrained binary classification", ConstrainedBinaryModelParameters.LoaderSignature)]
