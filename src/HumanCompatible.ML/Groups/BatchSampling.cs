namespace HumanCompatible.ML.Groups;

/// <summary>How the rows of a batch are drawn.</summary>
public enum BatchSampling
{
    /// <summary>Every epoch goes once over all rows, in a random order.</summary>
    Shuffled,

    /// <summary>
    /// Every batch has nearly equally many rows of every cell, where a cell is a combination of groups of all constraints. With n_k of the
    /// N rows in cell k, the share of the cell in the batches is q_k = min(c, 10 n_k / N), with c such that the shares add up to 1: equal,
    /// but no cell is drawn more than 10 times as often as <see cref="Shuffled"/> would. The loss and the group statistics weigh its rows
    /// by (n_k / N) / q_k, so their expected values are those of all rows. A small cell is drawn several times an epoch, each time in
    /// another order; of a large cell an epoch takes a random part.
    /// </summary>
    GroupBalanced,
}
