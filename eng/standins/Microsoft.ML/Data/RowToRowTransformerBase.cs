using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What a row-to-row transformer adds to one schema. Made anew for each schema, used by views, rows and schema checks.</summary>
internal interface IRowMapper
{
    /// <summary>The added columns; one that has the name of an input column hides it and stands right behind it.</summary>
    DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>Which input columns are read, given which added columns are wanted.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>One <see cref="ValueGetter{TValue}"/> per added column, null where it is not wanted.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);
}

/// <summary>A transformer that computes new columns of a row from the row's other columns.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected readonly IHost Host;

    private protected RowToRowTransformerBase(IHost host) => Host = host;

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnBindings(inputSchema, MakeRowMapper(inputSchema).GetOutputColumns()).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(Host, input, MakeRowMapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapperTransform(Host, new EmptyDataView(Host, inputSchema), MakeRowMapper(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private protected abstract IRowMapper MakeRowMapper(DataViewSchema schema);

    /// <summary>A mapper whose added columns each have their own getter and their own input columns.</summary>
    private protected abstract class MapperBase(DataViewSchema inputSchema) : IRowMapper
    {
        private DataViewSchema.DetachedColumn[] _outputColumns;

        protected DataViewSchema InputSchema { get; } = inputSchema;

        public DataViewSchema.DetachedColumn[] GetOutputColumns() => _outputColumns ??= GetOutputColumnsCore();

        public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
        {
            var needed = new bool[InputSchema.Count];
            for (var output = 0; output < GetOutputColumns().Length; output++)
            {
                if (!activeOutput(output))
                    continue;
                foreach (var input in GetInputColumns(output))
                    needed[input] = true;
            }
            return index => needed[index];
        }

        public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return [.. GetOutputColumns().Select((_, output) => activeOutput(output) ? MakeGetter(input, output) : null)];
        }

        protected abstract DataViewSchema.DetachedColumn[] GetOutputColumnsCore();

        /// <summary>The indices in the input schema of the columns that an added column reads.</summary>
        protected abstract IEnumerable<int> GetInputColumns(int output);

        /// <summary>A ValueGetter of the added column's raw type, bound to the row: each call computes from where the row stands now.</summary>
        protected abstract Delegate MakeGetter(DataViewRow input, int output);
    }
}
