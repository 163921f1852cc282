using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class ElementwiseTests
{
    private static readonly double[] Left = [0.3, 1.7, 2.5, 0.9, 4.1];
    private static readonly double[] Right = [2.0, -0.5, 2.5, 3.0, -1.0];

    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static IEnumerable<(string, Func<Tensor, Tensor>, Func<double, double>)> Functions =>
    [
        ("abs", t => (-t).abs(), x => x),
        ("neg", t => t.neg(), x => -x),
        ("minus", t => -t, x => -x),
        ("exp", t => t.exp(), Math.Exp),
        ("expm1", t => t.expm1(), x => Math.Exp(x) - 1),
        ("log", t => t.log(), Math.Log),
        ("log1p", t => t.log1p(), x => Math.Log(1 + x)),
        ("sqrt", t => t.sqrt(), Math.Sqrt),
        ("rsqrt", t => t.rsqrt(), x => 1 / Math.Sqrt(x)),
        ("square", t => t.square(), x => x * x),
        ("reciprocal", t => t.reciprocal(), x => 1 / x),
        ("sigmoid", t => t.sigmoid(), Sigmoid),
        ("tanh", t => t.tanh(), Math.Tanh),
        ("relu", t => (t - 1).relu(), x => Math.Max(x - 1, 0)),
        ("softplus", t => t.softplus(), x => Math.Log(1 + Math.Exp(x))),
        ("sign", t => (t - 1).sign(), x => Math.Sign(x - 1)),
        ("floor", t => t.floor(), Math.Floor),
        ("ceil", t => t.ceil(), Math.Ceiling),
        ("round", t => t.round(), x => Math.Round(x, MidpointRounding.ToEven)),
        ("trunc", t => t.trunc(), Math.Truncate),
        ("clamp", t => t.clamp(1, 2), x => Math.Clamp(x, 1, 2)),
        ("clamp from below", t => t.clamp(min: 1), x => Math.Max(x, 1)),
        ("clamp_max", t => t.clamp_max(1), x => Math.Min(x, 1)),
        ("pow of a number", t => t.pow(1.5), x => Math.Pow(x, 1.5)),
        ("functional relu", t => nn.functional.relu(t - 1), x => Math.Max(x - 1, 0)),
        ("functional sigmoid", t => nn.functional.sigmoid(t), Sigmoid),
        ("functional tanh", t => nn.functional.tanh(t), Math.Tanh),
        ("functional softplus", t => nn.functional.softplus(t, 2), x => Math.Log(1 + Math.Exp(2 * x)) / 2),
        ("logsigmoid", t => nn.functional.logsigmoid(t), x => Math.Log(Sigmoid(x))),
        ("static exp", t => exp(t), Math.Exp),
        ("static clamp", t => clamp(t, 1, 2), x => Math.Clamp(x, 1, 2)),
        ("plus a number", t => t + 1, x => x + 1),
        ("a number minus", t => 1.5 - t, x => 1.5 - x),
        ("a number over", t => 2 / t, x => 2 / x),
        ("times a float", t => t * 2f, x => x * 2),
        ("over a long", t => t / 4L, x => x / 4),
        ("add with alpha", t => t.add(3, 2), x => x + 6),
    ];

    [TestMethod, DynamicData(nameof(Functions))]
    public void Function_IsThatOfEachElement(string name, Func<Tensor, Tensor> function, Func<double, double> expected)
    {
        Assert.IsNotNull(name);
        TensorAssert.AreEqual([5], [.. Left.Select(expected)], function(tensor(Left)), 1e-14);
    }

    public static IEnumerable<(string, Func<Tensor, Tensor, Tensor>, Func<double, double, double>)> Operations =>
    [
        ("+", (a, b) => a + b, (x, y) => x + y),
        ("-", (a, b) => a - b, (x, y) => x - y),
        ("*", (a, b) => a * b, (x, y) => x * y),
        ("/", (a, b) => a / b, (x, y) => x / y),
        ("add with alpha", (a, b) => a.add(b, 0.5), (x, y) => x + 0.5 * y),
        ("div floor", (a, b) => a.div(b, RoundingMode.floor), (x, y) => Math.Floor(x / y)),
        ("div trunc", (a, b) => a.div(b, RoundingMode.trunc), (x, y) => Math.Truncate(x / y)),
        ("pow", (a, b) => a.pow(b), Math.Pow),
        ("maximum", (a, b) => a.maximum(b), Math.Max),
        ("minimum", (a, b) => minimum(a, b), Math.Min),
        ("max of two", (a, b) => max(a, b), Math.Max),
        ("where", (a, b) => where(a > b, a, b), Math.Max),
        ("addcmul", (a, b) => a.addcmul(a, b, 2), (x, y) => x + 2 * x * y),
        ("addcdiv", (a, b) => a.addcdiv(a, b, 2), (x, y) => x + 2 * x / y),
        ("lerp", (a, b) => a.lerp(b, tensor(0.25)), (x, y) => x + 0.25 * (y - x)),
        ("clamp by tensors", (a, b) => a.clamp(b, b + 1), (x, y) => Math.Clamp(x, y, y + 1)),
        ("eq", (a, b) => a == b, (x, y) => x == y ? 1 : 0),
        ("ne", (a, b) => a != b, (x, y) => x != y ? 1 : 0),
        ("lt", (a, b) => a < b, (x, y) => x < y ? 1 : 0),
        ("le", (a, b) => a.le(b), (x, y) => x <= y ? 1 : 0),
        ("gt", (a, b) => gt(a, b), (x, y) => x > y ? 1 : 0),
        ("ge", (a, b) => a >= b, (x, y) => x >= y ? 1 : 0),
        ("and", (a, b) => (a > 1) & (b > 1), (x, y) => x > 1 && y > 1 ? 1 : 0),
        ("or", (a, b) => (a > 1) | (b > 1), (x, y) => x > 1 || y > 1 ? 1 : 0),
        ("logical_and", (a, b) => (a > 1).logical_and(b > 1), (x, y) => x > 1 && y > 1 ? 1 : 0),
        ("logical_or", (a, b) => (a > 1).logical_or(b > 1), (x, y) => x > 1 || y > 1 ? 1 : 0),
        ("logical_xor", (a, b) => (a > 1).logical_xor(b > 1), (x, y) => x > 1 != y > 1 ? 1 : 0),
        ("logical_not", (a, b) => (a > b).logical_not(), (x, y) => x > y ? 0 : 1),
        ("not", (a, b) => ~(a > b), (x, y) => x > y ? 0 : 1),
        ("a number below", (a, b) => 1 < a, (x, y) => 1 < x ? 1 : 0),
    ];

    [TestMethod, DynamicData(nameof(Operations))]
    public void Operation_IsThatOfEachPair(string name, Func<Tensor, Tensor, Tensor> operation, Func<double, double, double> expected)
    {
        Assert.IsNotNull(name);
        TensorAssert.AreEqual([5], [.. Left.Zip(Right, expected)], operation(tensor(Left), tensor(Right)), 1e-14);
    }

    public static IEnumerable<(string, Func<Tensor, Tensor, Tensor>, Func<double, double, double>)> InPlace =>
    [
        ("add_", (a, b) => a.add_(b), (x, y) => x + y),
        ("add_ with alpha", (a, b) => a.add_(b, alpha: 0.5), (x, y) => x + 0.5 * y),
        ("add_ of a number", (a, b) => a.add_(2), (x, y) => x + 2),
        ("sub_", (a, b) => a.sub_(b), (x, y) => x - y),
        ("mul_", (a, b) => a.mul_(b), (x, y) => x * y),
        ("mul_ of a number", (a, b) => a.mul_(0.5), (x, y) => x * 0.5),
        ("div_", (a, b) => a.div_(b), (x, y) => x / y),
        ("pow_", (a, b) => a.pow_(2), (x, y) => x * x),
        ("copy_", (a, b) => a.copy_(b), (x, y) => y),
        ("fill_", (a, b) => a.fill_(3), (x, y) => 3),
        ("clamp_", (a, b) => a.clamp_(1, 2), (x, y) => Math.Clamp(x, 1, 2)),
        ("clamp_min_", (a, b) => a.clamp_min_(1), (x, y) => Math.Max(x, 1)),
        ("addcmul_", (a, b) => a.addcmul_(b, b, 2), (x, y) => x + 2 * y * y),
        ("addcdiv_", (a, b) => a.addcdiv_(b, b + 10, 2), (x, y) => x + 2 * y / (y + 10)),
        ("lerp_", (a, b) => a.lerp_(b, tensor(0.25)), (x, y) => x + 0.25 * (y - x)),
        ("neg_", (a, b) => a.neg_(), (x, y) => -x),
        ("exp_", (a, b) => a.exp_(), (x, y) => Math.Exp(x)),
        ("log_", (a, b) => a.log_(), (x, y) => Math.Log(x)),
        ("sqrt_", (a, b) => a.sqrt_(), (x, y) => Math.Sqrt(x)),
        ("sigmoid_", (a, b) => a.sigmoid_(), (x, y) => Sigmoid(x)),
        ("masked_fill_", (a, b) => a.masked_fill_(a > 1, 0), (x, y) => x > 1 ? 0 : x),
    ];

    [TestMethod, DynamicData(nameof(InPlace))]
    public void InPlace_ChangesAndReturnsTheTensor(string name, Func<Tensor, Tensor, Tensor> change, Func<double, double, double> expected)
    {
        Assert.IsNotNull(name);
        var target = tensor(Left);
        Assert.AreSame(target, change(target, tensor(Right)));
        TensorAssert.AreEqual([.. Left.Zip(Right, expected)], target, 1e-14);
    }

    [TestMethod]
    public void Zero_FillsTheTensor_AndReturnsAnotherObjectOfIt()
    {
        var target = tensor(Left);
        var returned = target.zero_();
        TensorAssert.AreEqual(new double[5], target);
        Assert.AreNotSame(target, returned);
        returned.fill_(2);
        Assert.AreEqual(2.0, target[0].item<double>());
    }

    [TestMethod]
    public void NonFinite_IsTold()
    {
        var values = tensor(new[] { 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity });
        CollectionAssert.AreEqual(new[] { false, true, false, false }, TensorAssert.Flags(values.isnan()));
        CollectionAssert.AreEqual(new[] { true, false, false, false }, TensorAssert.Flags(values.isfinite()));
        CollectionAssert.AreEqual(new[] { false, false, true, true }, TensorAssert.Flags(values.isinf()));
        TensorAssert.AreEqual([1, 0, 9, -9], values.nan_to_num(0, 9, -9));
        TensorAssert.AreEqual([1, double.NaN, 2, 0], values.clamp(0, 2));
    }

    [TestMethod]
    public void Types_ArePromoted()
    {
        var single = ones(2);
        Assert.AreEqual(ScalarType.Float32, (single * 2.5).dtype);
        Assert.AreEqual(ScalarType.Float64, (single * ones(2, dtype: float64)).dtype);
        Assert.AreEqual(ScalarType.Float32, (single + arange(2)).dtype);
        Assert.AreEqual(ScalarType.Int64, (arange(2) + 1).dtype);
        Assert.AreEqual(ScalarType.Float32, (arange(2) / 2).dtype);
        Assert.AreEqual(ScalarType.Bool, (single > 0).dtype);
        Assert.AreEqual(ScalarType.Int64, (single > 0).sum().dtype);
    }

    [TestMethod]
    public void Operands_AreBroadcast() =>
        TensorAssert.AreEqual([2, 3], [11, 12, 13, 21, 22, 23], tensor(new double[] { 10, 20 }).unsqueeze(1) + tensor(new double[] { 1, 2, 3 }));

    [TestMethod]
    public void Comparisons_OfWholeTensors()
    {
        var tensor = torch.tensor(Left);
        Assert.IsTrue(tensor.Equals(torch.tensor(Left)));
        Assert.IsFalse(tensor.Equals(torch.tensor(Right)));
        Assert.IsTrue(tensor.allclose(tensor + 1e-9));
        Assert.IsFalse(tensor.allclose(tensor + 1e-3));
        TensorAssert.AreEqual([5], [1, 1, 1, 1, 1], tensor.equal(tensor));
    }
}
