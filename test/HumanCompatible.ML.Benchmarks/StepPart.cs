namespace HumanCompatible.ML.Benchmarks;

/// <summary>The parts of a training step, in their order.</summary>
internal enum StepPart
{
    Gather,
    Forward,
    Loss,
    SurrogateStatistics,
    SurrogateViolations,
    Lagrangian,
    Backward,
    Adam,
    ExactStatistics,
    ExactViolations,
    DualUpdate,
    Disposal,
}
