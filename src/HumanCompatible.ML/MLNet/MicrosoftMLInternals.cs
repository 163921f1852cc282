using System.Runtime.CompilerServices;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

// ML.NET's public surface lets a third party write a transformer, but neither save one nor put a model into ML.NET's own. This folder uses what
// is internal to Microsoft.ML.Core and Microsoft.ML.Data instead, and nothing outside it does:
// - BinaryModelParameters: IPredictorProducing, IDistPredictorProducing, IValueMapperDist. ML.NET's BinaryPredictionTransformer asks them of its
//   model; the class that is the model must implement them, so ours derives from it.
// - ModelFolder, ModelLoader: ModelSaveContext, ModelLoadContext, VersionInfo. Nothing else writes an entry of one's own into a model file.
// - BinaryTrainer: the constructors of BinaryPredictionTransformer, TrainerInfo and SchemaShape.Column; AnnotationUtils and DefaultColumnNames
//   say which columns and annotations a binary trainer promises.
// - HostEnvironments: CatalogUtils (the environment of a catalog), ICancelable (what CheckAlive looks at), IHostEnvironmentInternal (the GPU).
// A test lists every member and fails with its name where a version of Microsoft.ML lacks it.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET finds the type to load by this attribute: without it a model loads only after a registration call in each MLContext.
[assembly: LoadableClass(typeof(ConstrainedBinaryModelParameters), typeof(ModelLoader<ConstrainedBinaryModelParameters>), null,
    typeof(SignatureLoadModel), "Constrained binary classification", ConstrainedBinaryModelParameters.LoaderSignature)]
