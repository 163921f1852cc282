using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

/// <summary>Every differentiable operation in use: backward against central differences, in double precision.</summary>
[TestClass]
public sealed class GradientTests
{
    private const double Step = 1e-6;

    /// <summary>Name, function of x [3, 4] and y [3, 4], range of the inputs.</summary>
    public static IEnumerable<(string, Func<Tensor, Tensor, Tensor>, double, double)> Operations =>
    [
        ("add", (x, y) => x + y, -2, 2),
        ("add with alpha", (x, y) => x.add(y, 0.3), -2, 2),
        ("sub", (x, y) => x - y, -2, 2),
        ("mul", (x, y) => x * y, -2, 2),
        ("div", (x, y) => x / y, 0.5, 2),
        ("number minus", (x, y) => 3 - x, -2, 2),
        ("number over", (x, y) => 3 / x, 0.5, 2),
        ("neg", (x, y) => -x, -2, 2),
        ("pow", (x, y) => x.pow(y), 0.5, 2),
        ("pow of a number", (x, y) => x.pow(3), -2, 2),
        ("exp", (x, y) => x.exp(), -2, 2),
        ("expm1", (x, y) => x.expm1(), -2, 2),
        ("log", (x, y) => x.log(), 0.5, 2),
        ("log1p", (x, y) => x.log1p(), 0.5, 2),
        ("sqrt", (x, y) => x.sqrt(), 0.5, 2),
        ("rsqrt", (x, y) => x.rsqrt(), 0.5, 2),
        ("square", (x, y) => x.square(), -2, 2),
        ("reciprocal", (x, y) => x.reciprocal(), 0.5, 2),
        ("abs", (x, y) => x.abs(), 0.5, 2),
        ("sigmoid", (x, y) => x.sigmoid(), -2, 2),
        ("tanh", (x, y) => x.tanh(), -2, 2),
        ("relu", (x, y) => x.relu(), -2, 2),
        ("softplus", (x, y) => x.softplus(), -2, 2),
        ("logsigmoid", (x, y) => nn.functional.logsigmoid(x), -2, 2),
        ("clamp", (x, y) => x.clamp(-1, 1), -2, 2),
        ("clamp_min", (x, y) => x.clamp_min(0.1), -2, 2),
        ("maximum", (x, y) => maximum(x, y), -2, 2),
        ("minimum", (x, y) => minimum(x, y), -2, 2),
        ("where", (x, y) => where(x > 0, x * 2, y), -2, 2),
        ("lerp", (x, y) => x.lerp(y, tensor(0.3)), -2, 2),
        ("addcmul", (x, y) => x.addcmul(x, y, 0.7), -2, 2),
        ("addcdiv", (x, y) => x.addcdiv(x, y, 0.7), 0.5, 2),
        ("masked_fill", (x, y) => x.masked_fill(y > 0, 1), -2, 2),
        ("sum", (x, y) => x.sum(), -2, 2),
        ("sum of rows", (x, y) => x.sum(dim: 1), -2, 2),
        ("mean", (x, y) => x.mean(), -2, 2),
        ("mean of columns", (x, y) => x.mean([0]), -2, 2),
        ("max", (x, y) => x.max(), -2, 2),
        ("min", (x, y) => x.min(), -2, 2),
        ("max of rows", (x, y) => x.max(1).values, -2, 2),
        ("amax", (x, y) => x.amax([1]), -2, 2),
        ("amin", (x, y) => x.amin([0]), -2, 2),
        ("norm", (x, y) => x.norm(), -2, 2),
        ("norm of rows", (x, y) => x.norm(1, false, 2f), -2, 2),
        ("std", (x, y) => x.std(), -2, 2),
        ("var", (x, y) => x.var(1), -2, 2),
        ("prod", (x, y) => x.prod(1), 0.5, 2),
        ("cumsum", (x, y) => x.cumsum(1), -2, 2),
        ("logsumexp", (x, y) => x.logsumexp(1), -2, 2),
        ("softmax", (x, y) => x.softmax(1), -2, 2),
        ("log_softmax", (x, y) => nn.functional.log_softmax(x, 1), -2, 2),
        ("sort", (x, y) => x.sort(1).Values, -2, 2),
        ("matmul", (x, y) => x.matmul(y.t()), -2, 2),
        ("mm", (x, y) => x.mm(y.t()), -2, 2),
        ("mv", (x, y) => x.mv(y[0]), -2, 2),
        ("dot", (x, y) => x[0].dot(y[1]), -2, 2),
        ("addmm", (x, y) => x.narrow(1, 0, 3).addmm(x, y.t(), 0.5f, 2f), -2, 2),
        ("linear", (x, y) => nn.functional.linear(x, y, y.select(1, 0)), -2, 2),
        ("reshape", (x, y) => x.reshape(4, 3) * 2, -2, 2),
        ("transpose", (x, y) => x.t() * 2, -2, 2),
        ("narrow", (x, y) => x.narrow(1, 1, 2), -2, 2),
        ("select", (x, y) => x.select(0, 1), -2, 2),
        ("index", (x, y) => x[tensor(new long[] { 2, 0, 2 })], -2, 2),
        ("mask", (x, y) => x[y.detach() > 0], -2, 2),
        ("index_select", (x, y) => x.index_select(1, tensor(new long[] { 3, 3 })), -2, 2),
        ("gather", (x, y) => x.gather(1, tensor(new long[,] { { 1 }, { 0 }, { 3 } })), -2, 2),
        ("cat", (x, y) => cat([x, y], 1), -2, 2),
        ("stack", (x, y) => stack([x, y]), -2, 2),
        ("expand", (x, y) => x[0].expand(3, 4) * y, -2, 2),
        ("unsqueeze", (x, y) => x.unsqueeze(1) * y, -2, 2),
        ("layer_norm", (x, y) => nn.functional.layer_norm(x, [4], y[0], y[1]), -2, 2),
        ("batch_norm", (x, y) => nn.functional.batch_norm(x, null, null, y[0], y[1], training: true), -2, 2),
        ("bce with logits", (x, y) => nn.functional.binary_cross_entropy_with_logits(x, (y > 0).to(float64)), -2, 2),
        ("bce with logits, weighted", (x, y) => nn.functional.binary_cross_entropy_with_logits(x, y.detach().sigmoid(), y.detach().exp(), nn.Reduction.Sum), -2, 2),
        ("cross entropy", (x, y) => nn.functional.cross_entropy(x, tensor(new long[] { 3, 0, 1 })), -2, 2),
        ("mse", (x, y) => nn.functional.mse_loss(x, y), -2, 2),
        ("l1", (x, y) => nn.functional.l1_loss(x, y, nn.Reduction.Sum), -2, 2),
        ("huber", (x, y) => nn.functional.huber_loss(x, y), -2, 2),
        ("smooth l1", (x, y) => nn.functional.smooth_l1_loss(x, y), -2, 2),
    ];

    [TestMethod, DynamicData(nameof(Operations))]
    public void Backward_MatchesCentralDifferences(string name, Func<Tensor, Tensor, Tensor> operation, double low, double high)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(17);
        Tensor Draw() => rand(3, 4, dtype: float64, generator: generator) * (high - low) + low;
        var (x, y) = (Draw().requires_grad_(), Draw().requires_grad_());
        var result = operation(x, y);
        var weights = rand(result.shape, dtype: float64, generator: generator) + 0.5;
        (result * weights).sum().backward();

        double Evaluate(Tensor a, Tensor b)
        {
            using var inner = NewDisposeScope();
            using var _ = no_grad();
            return (operation(a, b) * weights).sum().item<double>();
        }

        var (plainX, plainY) = (x.detach(), y.detach());
        foreach (var (input, gradient) in new[] { (plainX, x.grad), (plainY, y.grad) })
        {
            var data = input.data<double>();
            var expected = new double[12];
            for (var i = 0; i < expected.Length; i++)
            {
                var value = data[i];
                data[i] = value + Step;
                var above = Evaluate(plainX, plainY);
                data[i] = value - Step;
                expected[i] = (above - Evaluate(plainX, plainY)) / (2 * Step);
                data[i] = value;
            }
            TensorAssert.AreEqual(expected, gradient ?? zeros(12, dtype: float64), 1e-6);
        }
        Assert.IsTrue(x.grad is not null || y.grad is not null, $"{name} has no gradient");
    }
}
