using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms
{
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly IHost _host;
        private readonly string _name;
        private readonly string[] _sources;

        internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        {
            _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingEstimator));
            _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
            _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
            _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
            _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
            (_name, _sources) = (outputColumnName, inputColumnNames);
        }

        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            _host.CheckValue(input, nameof(input));
            return new ColumnConcatenatingTransformer(_host, _name, _sources);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            _host.CheckValue(inputSchema, nameof(inputSchema));
            var columns = _sources.Select(source => inputSchema.TryFindColumn(source, out var column)
                ? column
                : throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", source)).ToArray();
            foreach (var column in columns)
            {
                if (column.IsKey)
                    throw _host.Except($"Column '{column.Name}' is key. Concatenation of keys is unsupported.");
                if (!column.ItemType.Equals(columns[0].ItemType))
                    throw _host.Except($"Concatenated columns should have the same type. Column '{column.Name}' has type of {column.ItemType}, but expected column type is {columns[0].ItemType}.");
            }
            var annotations = new List<SchemaShape.Column>();
            if (columns.All(column => column.IsNormalized()))
                annotations.Add(SchemaPromise.IsNormalized);
            if (columns.Any(column => SchemaPromise.Kept(column, AnnotationUtils.Kinds.CategoricalSlotRanges).Any()))
                annotations.Add(SchemaPromise.CategoricalSlotRanges);
            if (columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.Scalar || column.HasSlotNames()))
                annotations.Add(SchemaPromise.SlotNames);
            var kind = columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                ? SchemaShape.Column.VectorKind.VariableVector
                : SchemaShape.Column.VectorKind.Vector;
            var result = inputSchema.ToDictionary(column => column.Name);
            result[_name] = new SchemaShape.Column(_name, kind, columns[0].ItemType, false, new SchemaShape(annotations));
            return new SchemaShape(result.Values);
        }
    }
}

namespace Microsoft.ML.Data
{
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        internal const string LoaderSignature = "ConcatTransform";

        private static readonly VersionInfo _version = new("CONCAT F", 0x00010001, 0x00010001, 0x00010001,
            loaderAssemblyName: typeof(ColumnConcatenatingTransformer).Assembly.FullName, loaderSignature: LoaderSignature);

        private readonly string _name;
        private readonly string[] _sources;

        internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, string[] inputColumnNames)
            : base(env.Register(nameof(ColumnConcatenatingTransformer)))
            => (_name, _sources) = (outputColumnName, inputColumnNames);

        private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
        {
            ctx.CheckAtModel(_version);
            var name = ctx.LoadNonEmptyString();
            return new ColumnConcatenatingTransformer(env, name, [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString())]);
        }

        private protected override void SaveModel(ModelSaveContext ctx)
        {
            ctx.SetVersionInfo(_version);
            ctx.SaveNonEmptyString(_name);
            ctx.Writer.Write(_sources.Length);
            foreach (var source in _sources)
                ctx.SaveNonEmptyString(source);
        }

        private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

        private sealed class Mapper : MapperBase
        {
            private readonly string _name;
            private readonly DataViewSchema.Column[] _sources;
            private readonly PrimitiveDataViewType _itemType;

            public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
                : base(inputSchema)
            {
                _name = parent._name;
                _sources = [.. parent._sources.Select(name => inputSchema.GetColumnOrNull(name) ?? throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name))];
                _itemType = (PrimitiveDataViewType)_sources[0].Type.GetItemType();
                foreach (var source in _sources)
                {
                    if (!source.Type.GetItemType().Equals(_itemType))
                        throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, _itemType.ToString(), source.Type.ToString());
                }
            }

            protected override IEnumerable<int> GetInputColumns(int output) => _sources.Select(source => source.Index);

            protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            {
                if (_sources is [{ Type: VectorDataViewType } only])
                    return [new DataViewSchema.DetachedColumn(_name, only.Type, only.Annotations)];
                var sizes = _sources.Select(source => source.Type.GetValueCount()).ToArray();
                var size = sizes.Contains(0) ? 0 : sizes.Sum();
                var annotations = new DataViewSchema.Annotations.Builder();
                if (_itemType is NumberDataViewType && _sources.All(source => source.IsNormalized()))
                    annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
                if (size > 0 && _sources.Any(source => source.Type is not VectorDataViewType || source.HasSlotNames()))
                    annotations.AddSlotNames(size, (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(size, [.. SlotNames()]));
                var ranges = size > 0 ? CategoricalRanges(sizes) : [];
                if (ranges.Length > 0)
                    annotations.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, ranges.Length / 2, 2),
                        (ref VBuffer<int> value) => value = new(ranges.Length, (int[])ranges.Clone()));
                return [new DataViewSchema.DetachedColumn(_name, new VectorDataViewType(_itemType, size), annotations.ToAnnotations())];
            }

            protected override Delegate MakeGetter(DataViewRow input, int output)
                => _sources is [{ Type: VectorDataViewType } only]
                    ? Generic.Invoke<Delegate>(Same<int>, only.Type.RawType, input, only)
                    : Generic.Invoke<Delegate>(Join<int>, _itemType.RawType, input, _sources);

            private static Delegate Same<T>(DataViewRow input, DataViewSchema.Column source) => input.GetGetter<T>(source);

            private static Delegate Join<T>(DataViewRow input, DataViewSchema.Column[] sources)
            {
                var scalars = sources.Select(source => source.Type is VectorDataViewType ? null : input.GetGetter<T>(source)).ToArray();
                var vectors = sources.Select(source => source.Type is VectorDataViewType ? input.GetGetter<VBuffer<T>>(source) : null).ToArray();
                var parts = new VBuffer<T>[sources.Length];
                return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
                {
                    var (length, count) = (0, 0);
                    for (var i = 0; i < sources.Length; i++)
                    {
                        vectors[i]?.Invoke(ref parts[i]);
                        var expected = sources[i].Type.GetVectorSize();
                        if (expected > 0 && parts[i].Length != expected)
                            throw Contracts.Except($"Column '{sources[i].Name}': expected {expected} slots, but got {parts[i].Length}");
                        length += vectors[i] == null ? 1 : parts[i].Length;
                        count += vectors[i] == null ? 1 : parts[i].GetValues().Length;
                    }
                    var sparse = count <= length / 2;
                    var editor = VBufferEditor.Create(ref target, length, sparse ? count : length);
                    var (slot, written) = (0, 0);
                    for (var i = 0; i < sources.Length; i++)
                    {
                        if (vectors[i] == null)
                        {
                            if (sparse)
                                editor.Indices[written] = slot;
                            scalars[i](ref editor.Values[sparse ? written++ : slot]);
                            slot++;
                            continue;
                        }
                        if (sparse)
                            AppendSparse(parts[i], slot, editor.Values, editor.Indices, ref written);
                        else
                            parts[i].CopyTo(editor.Values, slot);
                        slot += parts[i].Length;
                    }
                    target = editor.Commit();
                });
            }

            private static void AppendSparse<T>(VBuffer<T> part, int start, Span<T> values, Span<int> indices, ref int written)
            {
                var source = part.GetValues();
                var slots = part.GetIndices();
                for (var i = 0; i < source.Length; i++)
                {
                    values[written] = source[i];
                    indices[written++] = start + (part.IsDense ? i : slots[i]);
                }
            }

            /// <summary>The name of a scalar; "column.slot" for the named slots of vectors, nothing for the others.</summary>
            private IEnumerable<ReadOnlyMemory<char>> SlotNames()
            {
                foreach (var source in _sources)
                {
                    if (source.Type is not VectorDataViewType vector)
                    {
                        yield return source.Name.AsMemory();
                        continue;
                    }
                    VBuffer<ReadOnlyMemory<char>> names = new(vector.Size, 0, [], []);
                    if (source.HasSlotNames())
                        source.GetSlotNames(ref names);
                    foreach (var name in names.DenseValues())
                        yield return name.IsEmpty ? name : $"{source.Name}.{name}".AsMemory();
                }
            }

            private int[] CategoricalRanges(int[] sizes)
            {
                var (all, start) = (new List<int>(), 0);
                for (var i = 0; i < _sources.Length; start += sizes[i++])
                {
                    if (_sources[i].Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges) == null)
                        continue;
                    VBuffer<int> ranges = default;
                    _sources[i].Annotations.GetValue(AnnotationUtils.Kinds.CategoricalSlotRanges, ref ranges);
                    all.AddRange(ranges.DenseValues().Select(slot => slot + start));
                }
                return [.. all];
            }
        }
    }
}
