namespace HumanCompatible.ML.Groups;

/// <summary>Which groups the constraints speak of, and how batches are drawn from them.</summary>
public sealed record GroupOptions
{
    /// <summary>The fewest rows of a group that counts, among the rows given to <c>Fit</c> before any are held out.</summary>
    /// <value>At least 1. The default, 1, counts every group; those of fewer than 30 rows then get a warning.</value>
    public int MinimumSize { get; set; } = 1;

    /// <summary>What is done with groups of fewer rows than <see cref="MinimumSize"/>.</summary>
    /// <value><see cref="GroupPolicy.Exclude"/>, the default, or <see cref="GroupPolicy.Error"/>.</value>
    public GroupPolicy SmallGroups { get; set; } = GroupPolicy.Exclude;

    /// <summary>What is done with rows whose value is missing in a group column: empty text, the missing key, NaN.</summary>
    /// <value>
    /// Any policy. The default is <see cref="GroupPolicy.Exclude"/>; a warning says how many rows of which column it leaves out.
    /// </value>
    public GroupPolicy MissingValues { get; set; } = GroupPolicy.Exclude;

    /// <summary>
    /// What is done with a group that does not define a rate of a constraint on the training rows, such as a true positive rate without
    /// positive rows. Where fewer than two groups are left to compare, Fit fails in any case.
    /// </summary>
    /// <value><see cref="GroupPolicy.Exclude"/>, the default, which leaves out that rate only, or <see cref="GroupPolicy.Error"/>.</value>
    public GroupPolicy UndefinedRates { get; set; } = GroupPolicy.Exclude;

    /// <summary>
    /// What is done with groups that have too few rows to tell whether they keep a bound: those for which even equal rates would leave a
    /// confidence limit beyond it, so about 1 / b^2 rows for a difference of at most b.
    /// </summary>
    /// <value>The default is <see cref="UnmeasurableGroups.Relax"/>.</value>
    public UnmeasurableGroups Unmeasurable { get; set; } = UnmeasurableGroups.Relax;

    /// <summary>How the rows of a batch are drawn.</summary>
    /// <value>The default is <see cref="BatchSampling.Shuffled"/>.</value>
    public BatchSampling Sampling { get; set; } = BatchSampling.Shuffled;

    /// <summary>
    /// Whether no row can be without a group, whatever the data. A group that only lacks what a rate counts takes nothing from the rate of
    /// the groups around it.
    /// </summary>
    internal bool EveryRowHasItsGroup => (MinimumSize == 1 || SmallGroups == GroupPolicy.Error)
        && MissingValues != GroupPolicy.Exclude && Unmeasurable != UnmeasurableGroups.Exclude;

    internal void Validate(Problems problems)
    {
        problems.AtLeast(nameof(MinimumSize), MinimumSize, 1);
        problems.OneOf(nameof(SmallGroups), SmallGroups, GroupPolicy.Exclude, GroupPolicy.Error);
        problems.OneOf(nameof(MissingValues), MissingValues);
        problems.OneOf(nameof(UndefinedRates), UndefinedRates, GroupPolicy.Exclude, GroupPolicy.Error);
        problems.OneOf(nameof(Unmeasurable), Unmeasurable);
        problems.OneOf(nameof(Sampling), Sampling);
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
