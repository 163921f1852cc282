using Microsoft.ML.Model.OnnxConverter;

namespace HumanCompatible.ML.MLNet;

/// <summary>The ONNX graph that ML.NET's converter makes of a pipeline, as a model writes its nodes into it.</summary>
internal sealed class OnnxGraph
{
    private const int LeastOperatorSet = 9;
    private const string Prefix = "HumanCompatible.ML.";

    private readonly OnnxContext _context;

    /// <param name="context">The graph.</param>
    /// <exception cref="InvalidOperationException">The operator set that is asked for is older than 9.</exception>
    internal OnnxGraph(OnnxContext context)
    {
        context.CheckOpSetVersion(LeastOperatorSet, "HumanCompatible.ML");
        _context = context;
    }

    /// <summary>Adds numbers that stay as they are.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="values">The numbers, row after row.</param>
    /// <param name="shape">The length of each dimension.</param>
    /// <returns>The variable.</returns>
    internal string Constant(string name, float[] values, params long[] shape)
        => _context.AddInitializer(values, shape, Free(name), makeUniqueName: true);

    /// <inheritdoc cref="Constant(string, float[], long[])"/>
    internal string Constant(string name, long[] values)
        => _context.AddInitializer(values, [values.Length], Free(name), makeUniqueName: true);

    /// <summary>Adds an operation of the standard operator set whose result is a new variable.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes: integers, lists of them, 32-bit floats, types.</param>
    /// <returns>The variable.</returns>
    internal string Add(string operation, string[] inputs, params (string Name, object Value)[] attributes)
        => AddTo(_context.AddIntermediateVariable(null, Free(operation), skip: true), operation, inputs, attributes);

    /// <summary>Adds an operation whose result is a variable that is already declared.</summary>
    internal string AddTo(string output, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = _context.CreateNode(operation, inputs, [output], _context.GetNodeName(operation), domain: "");
        foreach (var (name, value) in attributes)
        {
            switch (value)
            {
                case int integer:
                    node.AddAttribute(name, (long)integer);
                    break;
                case long[] integers:
                    node.AddAttribute(name, integers);
                    break;
                case float number:
                    node.AddAttribute(name, (double)number);
                    break;
                case Type type:
                    node.AddAttribute(name, type);
                    break;
                default:
                    throw new ArgumentException($"The attribute '{name}' has a type that is not written: {value.GetType()}.");
            }
        }

        return output;
    }

    // ML.NET keeps every variable as if it were a column: under the name of a column of the user's it would take that column's place.
    private string Free(string name)
    {
        var free = Prefix + name;
        for (var number = 1; _context.ContainsColumn(free) || _context.IsVariableDefined(free); number++)
            free = $"{Prefix}{name}{number}";
        return free;
    }
}
