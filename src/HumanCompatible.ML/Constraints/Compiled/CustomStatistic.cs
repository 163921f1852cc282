using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// A user's own statistics of some rows, for a <see cref="CustomConstraint"/>: numbers s [k], each of which must be at most the bound of
/// the constraint.
/// </summary>
/// <remarks>
/// It is called with smooth predictions while the weights are trained, and must be differentiable in them; and with hard ones
/// (<see cref="ConstraintBatch.IsHard"/>), without
/// gradient, to move the multipliers, to choose the epoch, and to report. It must depend on the batch alone, give finite numbers for every
/// batch (also one without a row of some group),
/// and leave the tensors that it is given as they are. Whatever it creates is freed by the caller. Tensors of shapes that do not fit make
/// libtorch end the process in some
/// operations, matmul for one.
/// </remarks>
/// <param name="batch">The rows.</param>
/// <returns>s [k]; k is at least 1 and the same in every call.</returns>
public delegate Tensor CustomStatistic(ConstraintBatch batch);
