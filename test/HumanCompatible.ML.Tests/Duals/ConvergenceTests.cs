using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>
/// Full-gradient descent on problems with known solutions until the relative KKT residual is 1e-6. The asserted bounds are the
/// iterations that were needed (the residual is looked at every 10), plus about a tenth.
/// </summary>
[TestClass]
public sealed class ConvergenceTests
{
    public TestContext TestContext { get; set; } = null!;

    private sealed record Problem(
        double[] Start, double LearningRate, Func<Tensor, Tensor> Loss, Func<Tensor, Tensor> Constraints, double[] Solution,
            double[]? Multipliers, ConstraintKind Kind = ConstraintKind.Inequality);

    private static readonly Dictionary<string, Problem> Problems = new()
    {
        // min ½(x-2)² + ½(y-1)² with x + y <= 1 active, x <= 3 inactive: x = (1, 0), lambda = (1, 0).
        ["QP, active"] = new([0, 0], .1, x => (x - Vector(2, 1)).pow(2).sum() / 2, x
            => cat([x.sum().reshape(1) - 1, x.narrow(0, 0, 1) - 3]), [1, 0], [1, 0]),
        ["QP, equality"] = new([0, 0], .1, x => (x - Vector(2, 1)).pow(2).sum() / 2, x
            => x.sum().reshape(1) - 1, [1, 0], [1], Kind: ConstraintKind.Equality),
        // The same with both bounds far away.
        ["QP, inactive"] = new([0, 0], .1, x => (x - Vector(2, 1)).pow(2).sum() / 2, x
            => cat([x.sum().reshape(1) - 7, x.narrow(0, 0, 1) - 5]), [2, 1], [0, 0]),
        // min ½x² - ¼y² (curvature -½ in y) with |y| <= 1, from y > 0: (0, 1), lambda = (½, 0). No minimum of the plain Lagrangian.
        ["QP, nonconvex"] = new([1, .5], .1, x => x.narrow(0, 0, 1).pow(2).sum() / 2 - x.narrow(0, 1, 1).pow(2).sum() / 4,
            x => cat([x.narrow(0, 1, 1) - 1, -x.narrow(0, 1, 1) - 1]), [0, 1], [.5, 0]),
        // Hard-margin SVM, w in x[0..1], bias x[2]: points (2,0)+, (3,2)+, (0,0)-, (-1,-2)-: w = (1, 0), bias = -1; support vectors 0 and
        // 2.
        ["linear SVM"] = new([0, 0, 0], .05, x
            => x.narrow(0, 0, 2).pow(2).sum() / 2, x => 1 - Margins.matmul(x), [1, 0, -1], [.5, 0, .5, 0]),
    };

    private static readonly Dictionary<string, DualOptimizerOptions> Optimizers = new()
    {
        ["iALM"] = new InexactAugmentedLagrangianOptions { Beta = 1, Gamma = 10, PenaltyIsBeta = true },
        ["ALM"] = new AugmentedLagrangianOptions { LearningRate = .1 },
        ["ALM, HPR"] = new AugmentedLagrangianOptions { LearningRate = 1, HestenesPowellRockafellar = true },
        // The one-sided penalty damps only outside the boundary: a coefficient of more than twice the negative curvature is needed.
        ["iALM, rho 4"] = new InexactAugmentedLagrangianOptions { Beta = 1, Gamma = 10, Penalty = 4 },
        ["ALM, rho 4"] = new AugmentedLagrangianOptions { LearningRate = .1, Penalty = 4 },
        ["nuPI"] = new NuPIOptions { Nu = 0, IntegralGain = .1, ProportionalGain = 1, Penalty = 1 },
        ["PBM"] = Barrier(1),
        ["PBM, p 0.2"] = Barrier(.2),
    };

    private static PenaltyBarrierOptions Barrier(double penalty) => new()
    {
        Gamma = .9,
        GammaAnnealing = false,
        PenaltyUpdate = BarrierPenaltyUpdate.Constant,
        InitialPenalties = [penalty],
        DualLowerBound = 1e-9,
    };

    private static Tensor Margins => tensor(new[,] { { 2.0, 0, 1 }, { 3, 2, 1 }, { 0, 0, -1 }, { 1, 2, -1 } });

    [TestMethod]
    [DataRow("iALM", "QP, active", 150)]
    [DataRow("iALM", "QP, equality", 140)]
    [DataRow("iALM", "QP, inactive", 160)]
    [DataRow("iALM, rho 4", "QP, nonconvex", 150)]
    [DataRow("iALM", "linear SVM", 790)]
    [DataRow("ALM", "QP, active", 180)]
    [DataRow("ALM", "QP, equality", 180)]
    [DataRow("ALM", "QP, inactive", 160)]
    [DataRow("ALM, rho 4", "QP, nonconvex", 490)]
    [DataRow("ALM", "linear SVM", 830)]
    [DataRow("ALM, HPR", "QP, active", 140)]
    [DataRow("ALM, HPR", "QP, equality", 140)]
    [DataRow("ALM, HPR", "QP, inactive", 160)]
    [DataRow("ALM, HPR", "QP, nonconvex", 520)]
    [DataRow("ALM, HPR", "linear SVM", 520)]
    [DataRow("nuPI", "QP, active", 290)]
    [DataRow("nuPI", "QP, equality", 280)]
    [DataRow("nuPI", "QP, inactive", 160)]
    [DataRow("nuPI", "QP, nonconvex", 250)]
    [DataRow("nuPI", "linear SVM", 360)]
    [DataRow("PBM", "QP, active", 210)]
    [DataRow("PBM", "QP, inactive", 160)]
    [DataRow("PBM, p 0.2", "QP, nonconvex", 260)]
    [DataRow("PBM", "linear SVM", 1090)]
    public void Descent_ReachesTheKnownSolution(string optimizer, string problem, int iterations)
    {
        var (taken, x, duals) = Solve(Problems[problem], Optimizers[optimizer], iterations);
        TestContext.WriteLine($"{optimizer} | {problem} | {taken}");
        Assert.IsLessThan(iterations, taken, "relative KKT residual 1e-6 not reached");
        AssertNear(Problems[problem].Solution, x, 1e-4);
        AssertNear(Problems[problem].Multipliers!, duals, 1e-4);
    }

    [TestMethod]
    [DynamicData(nameof(OptimizersOfEqualities))]
    public void Constraints_ScaledByA_DivideTheDualsByA(string optimizer)
    {
        var problem = Problems["QP, active"];
        var scaled = problem with { Constraints = x => problem.Constraints(x) * 2, LearningRate = .05 };
        var (_, x, duals) = Solve(scaled, Optimizers[optimizer], 30000);
        AssertNear(problem.Solution, x, 1e-4);
        AssertNear([.. problem.Multipliers!.Select(value => value / 2)], duals, 1e-4);
    }

    [TestMethod]
    [DynamicData(nameof(OptimizersOfEqualities))]
    public void Equality_WrittenAsTwoInequalities_HasTheDifferenceOfTheirDuals(string optimizer)
    {
        // The plain distance, so that the equality's multiplier is negative: min ½‖x‖² with x + y = 2 has mu = -1.
        var equality = new Problem([0, 0], .1, x
            => x.pow(2).sum() / 2, x => x.sum().reshape(1) - 2, [1, 1], [-1], Kind: ConstraintKind.Equality);
        var pair = equality with
        {
            Constraints = x
            => cat([equality.Constraints(x), -equality.Constraints(x)]),
            Multipliers = null,
            Kind = ConstraintKind.Inequality
        };
        var (_, x, mu) = Solve(equality, Optimizers[optimizer], 30000);
        var (_, y, lambda) = Solve(pair, Optimizers[optimizer], 30000);
        AssertNear([1, 1], x, 1e-4);
        AssertNear([1, 1], y, 1e-4);
        AssertNear([-1], mu, 1e-4);
        Assert.AreEqual(mu[0], lambda[0] - lambda[1], 1e-4);
    }

    public static IEnumerable<object[]> OptimizersOfEqualities
        => Optimizers.Keys.Where(name => !name.StartsWith("PBM", StringComparison.Ordinal)).Select(name => new object[] { name });

    private static (int Iterations, double[] X, double[] Duals) Solve(Problem problem, DualOptimizerOptions options, int limit)
    {
        using var scope = NewDisposeScope();
        var x = Vector(problem.Start).requires_grad_();
        var dual = options.Create([("all", (int)problem.Constraints(x).numel(), problem.Kind)], ScalarType.Float64, null);
        var iteration = 0;
        for (; iteration < limit; iteration++)
        {
            using var inner = NewDisposeScope();
            var constraints = problem.Constraints(x);
            dual.ForwardUpdate(problem.Loss(x), constraints).backward();
            using (no_grad())
            {
                x.sub_(x.grad! * problem.LearningRate);
                x.grad!.zero_();
            }

            if (iteration % 10 == 9 && RelativeKktResidual(problem, x, dual.DualValues) < 1e-6)
                break;
        }

        return (iteration + 1, x.detach().data<double>().ToArray(), [.. dual.DualValues]);
    }

    /// <summary>The largest of stationarity, infeasibility and complementarity, relative to 1 + ‖∇f‖.</summary>
    private static double RelativeKktResidual(Problem problem, Tensor point, IReadOnlyList<double> duals)
    {
        using var inner = NewDisposeScope();
        var x = point.detach().clone().requires_grad_();
        var constraints = problem.Constraints(x);
        var loss = problem.Loss(x);
        var gradient = autograd.grad([loss], [x], retain_graph: true)[0];
        var lambda = Vector([.. duals]);
        var stationarity = gradient + autograd.grad([constraints.matmul(lambda)], [x])[0];
        var c = constraints.detach().data<double>().ToArray();
        var infeasible = c.Max(value => problem.Kind == ConstraintKind.Inequality ? Math.Max(value, 0) : Math.Abs(value));
        var complementarity = problem.Kind == ConstraintKind.Inequality
            ? c.Zip(duals, (value, multiplier) => Math.Abs(value * multiplier)).Max() : 0;
        var residual = Math.Max(stationarity.abs().max().item<double>(), Math.Max(infeasible, complementarity));
        return residual / (1 + gradient.norm().item<double>());
    }

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"element {i} of [{string.Join(", ", actual)}]");
    }

    private static Tensor Vector(params double[] values) => tensor(values, dtype: ScalarType.Float64);
}
