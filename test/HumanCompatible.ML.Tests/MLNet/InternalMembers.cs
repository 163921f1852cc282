using System.Reflection;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>Everything internal to ML.NET that the library uses or is about to use, each with the reason.</summary>
internal static class InternalMembers
{
    /// <summary>One row a type or member.</summary>
    internal static IReadOnlyList<InternalMember> All { get; } =
    [
        // The model file.
        Core("LoadableClassAttribute", null, "tells ML.NET which type loads our entry, without a registration call"),
        Core("LoadableClassAttribute", "Void .ctor(Type, Type, Type, Type, String, String[])", "the same, of a type with a loader"),
        Core("SignatureLoadModel", null, "says that the loader reads a model file"),
        Core("VersionInfo", null, "the signature and versions of our entry"),
        Core("VersionInfo", "Void .ctor(String, UInt32, UInt32, UInt32, String, String, String)", "states them"),
        Core("ModelSaveContext", "Void CheckAtModel()", "checks that nothing was written before"),
        Core("ModelSaveContext", "Void SetVersionInfo(VersionInfo)", "writes the header of Model.key"),
        Core("ModelSaveContext", "BinaryWriter Writer", "writes into Model.key"),
        Core("ModelSaveContext", "Void SaveBinaryStream(String, Action`1[BinaryWriter])", "writes an entry of our own"),
        Core("ModelLoadContext", null, "the argument of the loader"),
        Core("ModelLoadContext", "Void CheckAtModel(VersionInfo)", "refuses a file of a newer loader"),
        Core("ModelLoadContext", "BinaryReader Reader", "reads out of Model.key"),
        Core("ModelLoadContext", "Boolean TryLoadBinaryStream(String, Action`1[BinaryReader])", "reads an entry of our own"),
        Core("ModelLoadContext", "RepositoryReader Repository", "the file, whose entries we inflate no further than they may be long"),
        Core("ModelLoadContext", "String Directory", "our folder in it"),
        Core("RepositoryReader", null, "has the zip"),
        Core("RepositoryReader", "ZipArchive _archive", "the zip"),

        // The promise of a trainer, and what it needs of its environment.
        Core("Data.AnnotationUtils", null, "what columns of scores are annotated with"),
        Core("Data.AnnotationUtils", "IEnumerable`1[SchemaShape+Column] GetTrainerOutputAnnotation(Boolean)", "promises them"),
        Core("Data.AnnotationUtils",
            "IEnumerable`1[SchemaShape+Column] AnnotationsForMulticlassScoreColumn(Nullable`1[SchemaShape+Column])",
            "those of the scores of classes"),
        Core("SchemaShape+Column", "Void .ctor(String, VectorKind, DataViewType, Boolean, SchemaShape)", "a promised column"),
        Core("TrainerInfo", "Void .ctor(Boolean, Boolean, Boolean, Boolean, Boolean, Boolean)", "ITrainerEstimator.Info"),
        Core("Runtime.IHostEnvironmentInternal", null, "the device that a context asks for"),
        Core("Runtime.IHostEnvironmentInternal", "Nullable`1[Int32] get_GpuDeviceId()", "its number"),
        Core("Runtime.IHostEnvironmentInternal", "Boolean get_FallbackToCpu()", "whether the processor may stand in for it"),
        Core("Runtime.ICancelable", null, "an environment that can be told to stop"),
        Core("Runtime.ICancelable", "Boolean get_IsCanceled()", "ends training where it was; CheckAlive throws then"),
        Data("Data.IInternalCatalog", null, "a catalog that has an environment"),
        Data("Data.CatalogUtils", null, "takes the environment out of a catalog"),
        Data("Data.CatalogUtils", "IHostEnvironment GetEnvironment(IInternalCatalog)", "our trainers under BinaryClassification.Trainers"),

        // A model of ours inside ML.NET's own prediction transformer.
        Data("Data.BinaryPredictionTransformer`1", "Void .ctor(IHostEnvironment, TModel, DataViewSchema, String, Single, String)",
            "wraps our model: schema, annotations, cursors, threshold, disposal"),
        Data("Data.MulticlassPredictionTransformer`1",
            "Void .ctor(IHostEnvironment, TModel, DataViewSchema, String, String, String, String)", "the same of several classes"),
        Data("Data.RegressionPredictionTransformer`1", "Void .ctor(IHostEnvironment, TModel, DataViewSchema, String)",
            "the same of a regression"),
        Core("PredictionKind", null, "what a model predicts"),
        Core("PredictionKind", "PredictionKind BinaryClassification", "one of two classes"),
        Core("PredictionKind", "PredictionKind MulticlassClassification", "one of several"),
        Core("PredictionKind", "PredictionKind Regression", "a number"),
        Core("IPredictor", null, "a model"),
        Core("IPredictor", "PredictionKind get_PredictionKind()", "says what it predicts"),
        Core("IPredictorProducing`1", null, "a model with a score"),
        Core("IDistPredictorProducing`2", null, "a model with a score and a probability"),
        Core("Data.IValueMapper", null, "maps the features of a row to its score"),
        Core("Data.IValueMapper", "DataViewType get_InputType()", "the type of the features"),
        Core("Data.IValueMapper", "DataViewType get_OutputType()", "the type of the score"),
        Core("Data.IValueMapper", "ValueMapper`2[TSrc,TDst] GetMapper[TSrc,TDst]()", "scores rows"),
        Core("Data.IValueMapperDist", null, "maps the features of a row to its score and probability"),
        Core("Data.IValueMapperDist", "DataViewType get_DistType()", "the type of the probability"),
        Core("Data.IValueMapperDist", "ValueMapper`3[TSrc,TDst,TDist] GetMapper[TSrc,TDst,TDist]()", "scores rows"),
        Core("Data.ValueMapper`2", null, "the delegate that scores"),
        Core("Data.ValueMapper`2", "Void .ctor(Object, IntPtr)", "makes it"),
        Core("Data.ValueMapper`2", "Void Invoke(TSrc ByRef, TDst ByRef)", "its parameters"),
        Core("Data.ValueMapper`3", null, "the delegate that scores and gives the probability"),
        Core("Data.ValueMapper`3", "Void .ctor(Object, IntPtr)", "makes it"),
        Core("Data.ValueMapper`3", "Void Invoke(TVal1 ByRef, TVal2 ByRef, TVal3 ByRef)", "its parameters"),

        // Such a model as ONNX, and the contributions of its features.
        Data("Model.OnnxConverter.ICanSaveOnnx", null, "a model that can be written as ONNX"),
        Data("Model.OnnxConverter.ICanSaveOnnx", "Boolean CanSaveOnnx(OnnxContext)", "whether this one can"),
        Data("Model.OnnxConverter.ISingleCanSaveOnnx", null, "a model of one feature column"),
        Data("Model.OnnxConverter.ISingleCanSaveOnnx", "Boolean SaveAsOnnx(OnnxContext, String[], String)", "writes the score"),
        Data("Model.OnnxConverter.IDistCanSaveOnnx", null, "a model with a probability"),
        Data("Model.OnnxConverter.IDistCanSaveOnnx", "Boolean SaveAsOnnx(OnnxContext, String[], String)", "writes score and probability"),
        Data("Model.OnnxConverter.OnnxContext", null, "the graph"),
        Data("Model.OnnxConverter.OnnxContext", "Void CheckOpSetVersion(Int32, String)", "refuses operator sets that are too old"),
        Data("Model.OnnxConverter.OnnxContext", "Boolean ContainsColumn(String)", "finds names that are free"),
        Data("Model.OnnxConverter.OnnxContext", "Boolean IsVariableDefined(String)", "the same"),
        Data("Model.OnnxConverter.OnnxContext", "String GetNodeName(String)", "names an operation"),
        Data("Model.OnnxConverter.OnnxContext", "String AddIntermediateVariable(DataViewType, String, Boolean)", "names its result"),
        Data("Model.OnnxConverter.OnnxContext", "String AddInitializer(IEnumerable`1[Single], IEnumerable`1[Int64], String, Boolean)",
            "weights"),
        Data("Model.OnnxConverter.OnnxContext", "String AddInitializer(IEnumerable`1[Int64], IEnumerable`1[Int64], String, Boolean)",
            "indices"),
        Data("Model.OnnxConverter.OnnxContext",
            "OnnxNode CreateNode(String, IEnumerable`1[String], IEnumerable`1[String], String, String)", "adds an operation"),
        Data("Model.OnnxConverter.OnnxNode", "Void AddAttribute(String, Double)", "a number"),
        Data("Model.OnnxConverter.OnnxNode", "Void AddAttribute(String, Int64)", "an axis"),
        Data("Model.OnnxConverter.OnnxNode", "Void AddAttribute(String, IEnumerable`1[Int64])", "axes"),
        Data("Model.OnnxConverter.OnnxNode", "Void AddAttribute(String, Type)", "a type to cast to"),
        Data("Model.OnnxConverter.OnnxNode", null, "an operation of the graph"),
        Data("Trainers.IFeatureContributionMapper", null, "a model that can explain a score"),
        Data("Trainers.IFeatureContributionMapper",
            "ValueMapper`2[TSrc,VBuffer`1[Single]] GetFeatureContributionMapper[TSrc,TDst](Int32, Int32, Boolean)",
            "explains the scores of rows"),
        Data("Numeric.VectorUtils", null, "what ML.NET's own models do with contributions"),
        Data("Numeric.VectorUtils", "Void SparsifyNormalize(VBuffer`1[Single] ByRef, Int32, Int32, Boolean)",
            "keeps the largest of them, as the user asked"),
        Data("Trainers.FeatureContributionCalculator", "Void .ctor(IFeatureContributionMapper)", "hands the explanation to ML.NET"),
    ];

    /// <summary>The interfaces among them that a model of ours implements: a member added to one of them breaks the model.</summary>
    internal static IReadOnlyList<Type> Implemented { get; } =
    [
        .. All.Where(row => row.Signature is null).Select(row => row.Find()).OfType<Type>().Where(type => type.IsInterface
            && type.Namespace != "Microsoft.ML.Runtime" && type.Name != "IInternalCatalog"),
    ];

    /// <summary>Calls a listed method or constructor; an exception comes through as it was thrown.</summary>
    internal static object Invoke(string typeName, string name, object? target, params object?[] arguments)
    {
        var member = All.Where(row => row.TypeName == "Microsoft.ML." + typeName).Select(row => row.Find()).OfType<MethodBase>()
            .Single(method => method.Name == name);
        return member is ConstructorInfo constructor
            ? constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null)
            : member.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    private static InternalMember Core(string type, string? signature, string reason)
        => new("Microsoft.ML.Core", "Microsoft.ML." + type, signature, reason);

    private static InternalMember Data(string type, string? signature, string reason)
        => new("Microsoft.ML.Data", "Microsoft.ML." + type, signature, reason);
}
