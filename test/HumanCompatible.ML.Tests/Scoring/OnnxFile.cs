using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>A pipeline as ML.NET's converter writes it, run by OnnxRuntime.</summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly byte[] _bytes;
    private readonly InferenceSession _session;

    private OnnxFile(byte[] bytes)
    {
        _bytes = bytes;
        _session = new InferenceSession(bytes);
    }

    /// <summary>The names of the inputs.</summary>
    internal IEnumerable<string> Inputs => _session.InputMetadata.Keys;

    /// <summary>Converts a pipeline; the columns of the view are the inputs of the graph.</summary>
    internal static OnnxFile Convert(MLContext context, ITransformer model, IDataView inputs, int operatorSet = 12)
    {
        using var stream = new MemoryStream();
        context.Model.ConvertToOnnx(model, inputs, operatorSet, stream);
        return new OnnxFile(stream.ToArray());
    }

    /// <summary>Writes the file where it has to be one.</summary>
    internal void Save(string path) => File.WriteAllBytes(path, _bytes);

    /// <summary>What the graph makes of the rows, all at once.</summary>
    internal Scored[] RunAll(IDataView rows)
    {
        var columns = Columns(rows);
        return Score(columns, 0..columns[0].Rows.Length);
    }

    /// <summary>What the graph makes of the rows, one by one.</summary>
    internal Scored[] RunEach(IDataView rows)
    {
        var columns = Columns(rows);
        return [.. Enumerable.Range(0, columns[0].Rows.Length).Select(row => Score(columns, row..(row + 1)).Single())];
    }

    /// <summary>An output of the graph, row after row.</summary>
    internal T[] Output<T>(IDataView rows, string name)
    {
        using var results = _session.Run([.. Columns(rows).Select(column => column.Value(column.Rows))]);
        return [.. results.Single(result => result.Name == name + ".output").AsEnumerable<T>()];
    }

    public void Dispose() => _session.Dispose();

    private Scored[] Score(Column[] columns, Range rows)
    {
        using var results = _session.Run([.. columns.Select(column => column.Value(column.Rows[rows]))]);
        var (scores, probabilities, labels) = (Output<float>("Score"), Output<float>("Probability"), Output<bool>("PredictedLabel"));
        return [.. scores.Select((score, row)
            => new Scored { Score = score, Probability = probabilities[row], PredictedLabel = labels[row] })];

        T[] Output<T>(string name)
        {
            var result = results.Single(value => value.Name == name + ".output");
            CollectionAssert.AreEqual(new[] { columns[0].Rows[rows].Length, 1 }, result.AsTensor<T>().Dimensions.ToArray(), name);
            return [.. result.AsEnumerable<T>()];
        }
    }

    private Column[] Columns(IDataView rows)
        => [.. rows.Schema.Where(column => _session.InputMetadata.ContainsKey(column.Name)).Select(column => Column.Of(rows, column))];

    private sealed record Column(object[] Rows, Func<object[], NamedOnnxValue> Value)
    {
        internal static Column Of(IDataView rows, DataViewSchema.Column column) => column.Type switch
        {
            VectorDataViewType vector => Vector(rows, column, vector),
            TextDataViewType => Scalar(rows.GetColumn<string>(column), column.Name),
            BooleanDataViewType => Scalar(rows.GetColumn<bool>(column), column.Name),
            KeyDataViewType => Scalar(rows.GetColumn<uint>(column), column.Name),
            _ when column.Type == NumberDataViewType.Int32 => Scalar(rows.GetColumn<int>(column), column.Name),
            _ => Scalar(rows.GetColumn<float>(column), column.Name),
        };

        private static Column Scalar<T>(IEnumerable<T> values, string name) => new(
            [.. values.Cast<object>()],
            taken => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(taken.Cast<T>().ToArray(), [taken.Length, 1])));

        private static Column Vector(IDataView rows, DataViewSchema.Column column, VectorDataViewType type) => new(
            [.. rows.GetColumn<VBuffer<float>>(column).Select(row => row.DenseValues().ToArray())],
            taken => NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<float>(
                taken.Cast<float[]>().SelectMany(row => row).ToArray(), [taken.Length, .. type.Dimensions])));
    }
}
