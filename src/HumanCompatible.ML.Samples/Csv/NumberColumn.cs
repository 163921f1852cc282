namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The distinct cells of a column that are not missing: which are numbers, and how they are written.</summary>
internal sealed class NumberColumn
{
    private const string Choice = "; --decimal comma or --decimal point says which";
    private readonly List<(string Cell, NumberText Number)> _numbers = [];
    private readonly List<string> _strangers = [];

    /// <param name="cells">The cells, each once.</param>
    public NumberColumn(IEnumerable<string> cells)
    {
        foreach (var cell in cells)
        {
            if (NumberText.Of(cell) is { } number)
                _numbers.Add((cell, number));
            else
                _strangers.Add(cell);
        }

        // A letter after a number is a unit where every number has it. Otherwise it makes another code of it.
        if (_numbers.Select(pair => pair.Number.Affix).Distinct().Count() > 1)
        {
            _strangers.AddRange(_numbers.Where(pair => IsUnit(pair.Number.Affix)).Select(pair => pair.Cell));
            _numbers.RemoveAll(pair => IsUnit(pair.Number.Affix));
        }
    }

    /// <summary>The cells that are numbers.</summary>
    public IEnumerable<string> Numbers => _numbers.Select(pair => pair.Cell);

    /// <summary>The cells that are none, or too large.</summary>
    public IReadOnlyList<string> Strangers => _strangers;

    /// <summary>The only sign before fractions with which all numbers can be read; null where both will do, or none.</summary>
    public DecimalSign? Evidence
    {
        get
        {
            bool isPoint = First(text => text.IfComma is null) is not null, isComma = First(text => text.IfPoint is null) is not null;
            return isPoint == isComma ? null : isPoint ? DecimalSign.Point : DecimalSign.Comma;
        }
    }

    /// <summary>The form of all the numbers, and what the user should know of it.</summary>
    /// <param name="habit">How the table writes numbers.</param>
    /// <param name="problem">Why they have no form; then the form means nothing.</param>
    public (NumberForm Form, string? Note) Read(NumberHabit habit, out string? problem)
    {
        problem = Mixture();
        var affix = _numbers.Select(pair => pair.Number.Affix).FirstOrDefault(text => text.Length > 0, "");
        string? byPoint = First(text => text.IfComma is null), byComma = First(text => text.IfPoint is null);
        var ambiguous = First(text => text.IsAmbiguous);
        (NumberForm, string?) As(DecimalSign? sign, string? note = null) => (new NumberForm(sign, affix), note);

        if (habit is { IsStated: true, Sign: { } stated })
        {
            if (First(text => text.If(stated) is null) is { } unfit)
                problem ??= $"'{unfit}' is no number if a {Named(stated)} stands before fractions, as --decimal says";
            return As(stated);
        }
        if (byPoint is not null && byComma is not null)
        {
            if (ambiguous is not null)
                problem ??= $"it has decimal points ('{byPoint}') and decimal commas ('{byComma}'), so that {Meanings(ambiguous)}";
            return As(null, $"has decimal points ('{byPoint}') and decimal commas ('{byComma}').");
        }
        if (byPoint is not null || byComma is not null)
            return byPoint is not null ? As(DecimalSign.Point) : As(DecimalSign.Comma, "is read with decimal commas.");
        if (ambiguous is null)
            return As(habit.Sign ?? DecimalSign.Point);
        if (First(text => text.IsAmbiguous, other => other.Contains(',') != ambiguous.Contains(',')) is { } contrary)
            problem ??= $"{Meanings(ambiguous)}, and {Meanings(contrary)}{Choice}";
        var likely = Likely(habit, ambiguous);
        if (likely is null)
            problem ??= Meanings(ambiguous) + Choice;
        var sign = likely ?? DecimalSign.Point;
        var other = Named(sign == DecimalSign.Point ? DecimalSign.Comma : DecimalSign.Point);
        var isUsual = sign == DecimalSign.Point && ambiguous.Contains('.') && IsUniform;
        return As(sign, isUsual ? null
            : FormattableString.Invariant($"is read so that '{ambiguous}' means {NumberText.Of(ambiguous)!.If(sign)}; ")
                + $"--decimal {other} says that it does not.");
    }

    // Every number could have thousands separators. Where all have one, the two readings differ by a factor of 1000 only, which no model
    // sees; where some have none, the readings differ in kind.
    private bool IsUniform => _numbers.TrueForAll(pair => pair.Number.IsAmbiguous);

    // The numbers are of the form 1,250 or 1.250 throughout. Who separates cells by commas writes points before fractions; who separates
    // them by semicolons mostly writes commas there.
    private DecimalSign? Likely(NumberHabit habit, string ambiguous) => habit.Sign ?? (ambiguous.Contains(','), habit.Separator) switch
    {
        (true, ',') => DecimalSign.Point,
        (true, ';') => IsUniform ? DecimalSign.Comma : null,
        (true, _) => IsUniform ? DecimalSign.Point : null,
        (false, ';') => IsUniform ? DecimalSign.Point : null,
        (false, _) => DecimalSign.Point,
    };

    // Two currencies, or percents among shares.
    private string? Mixture()
    {
        var byAffix = _numbers.GroupBy(pair => pair.Number.Affix).Select(same => (Affix: same.Key, same.First().Cell)).ToList();
        return byAffix.Count < 2 || (byAffix.Count == 2 && byAffix.Exists(one => one.Affix.Length == 0)
            && byAffix.TrueForAll(one => one.Affix.Length == 0 || NumberText.IsCurrency(one.Affix)))
            ? null : $"'{byAffix[0].Cell}' and '{byAffix[1].Cell}' are not in one unit";
    }

    private string? First(Predicate<NumberText> isWanted, Predicate<string>? cellIsWanted = null)
        => _numbers.Find(pair => isWanted(pair.Number) && cellIsWanted?.Invoke(pair.Cell) != false).Cell;

    private static string Named(DecimalSign sign) => sign == DecimalSign.Point ? "point" : "comma";

    private static bool IsUnit(string affix) => affix.Length > 0 && affix is not ("%" or "\u2030") && !NumberText.IsCurrency(affix);

    private static string Meanings(string cell)
    {
        var text = NumberText.Of(cell)!;
        return FormattableString.Invariant($"'{cell}' may mean {Math.Min(text.IfPoint!.Value, text.IfComma!.Value)} or ")
            + FormattableString.Invariant($"{Math.Max(text.IfPoint.Value, text.IfComma.Value)}");
    }
}
