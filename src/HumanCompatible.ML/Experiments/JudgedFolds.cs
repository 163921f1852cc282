using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Experiments;

/// <summary>Puts the judged rows of several folds together.</summary>
internal static class JudgedFolds
{
    /// <summary>The rows of several folds together, but for their features.</summary>
    /// <exception cref="InvalidOperationException">The folds have other classes.</exception>
    internal static JudgedRows Together(IReadOnlyList<JudgedRows> folds)
    {
        if (folds.Count == 1)
            return folds[0];
        folds = [.. folds.Select(fold => InOrderOf(fold, folds[0].Rows.Task.Classes))];
        var first = folds[0].Rows;
        var groups = first.Groups.Keys.ToDictionary(name => name, name => Together([.. folds.Select(fold => fold.Rows.Groups[name])]));
        return new JudgedRows(
            first with
            {
                Features = new FeatureTable(0),
                Labels = [.. folds.SelectMany(fold => fold.Rows.Labels)],
                Weights = first.Weights is null ? null : [.. folds.SelectMany(fold => fold.Rows.Weights!)],
                Groups = groups,
            },
            [.. folds.SelectMany(fold => fold.Outputs)],
            [.. folds[0].Excluded.Select((_, index)
                => folds.SelectMany(fold => fold.Excluded[index]).DistinctBy(group => (group.Name, group.Lacks)).ToList())]);
    }

    // A pipeline that is fitted in each fold may number the classes in the order in which it meets them.
    private static JudgedRows InOrderOf(JudgedRows rows, IReadOnlyList<string> classes)
    {
        var own = rows.Rows.Task.Classes;
        if (own.SequenceEqual(classes))
            return rows;
        int[] places = [.. own.Select(name => classes.Index().FirstOrDefault(one => one.Item == name, (Index: -1, Item: "")).Index)];
        if (own.Count != classes.Count || places.Contains(-1))
        {
            throw new InvalidOperationException("The folds have other classes of the label: of each class there must be rows to train on "
                + "in every fold. Give more rows, or make keys of the labels before the experiment.");
        }

        var ordered = new float[rows.Outputs.Length];
        for (var index = 0; index < ordered.Length; index++)
            ordered[index - (index % own.Count) + places[index % own.Count]] = rows.Outputs[index];
        return rows with
        {
            Rows = rows.Rows with { Labels = [.. rows.Rows.Labels.Select(label => places[(int)label])] },
            Outputs = ordered,
        };
    }

    private static GroupColumn Together(IReadOnlyList<GroupColumn> columns)
    {
        string[] names = [.. columns.SelectMany(column => column.GroupNames).Distinct()];
        var codes = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var missing = columns.FirstOrDefault(column => column.MissingCode is not null);
        return new GroupColumn(columns[0].Name,
            [.. columns.SelectMany(column => column.CodeOfRow.Select(code => codes[column.GroupNames[code]]))], names)
        { MissingCode = missing is null ? null : codes[missing.GroupNames[missing.MissingCode!.Value]] };
    }
}
