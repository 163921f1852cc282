using System.Runtime.CompilerServices;

// The model file's contract (ModelSaveContext, ModelLoadContext, VersionInfo, LoadableClassAttribute) and SchemaShape.Column's
// constructor are internal to Microsoft.ML.Core; without them no third-party transformer can be saved, loaded or promised in a schema.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
