namespace TorchSharp;

public static partial class torch
{
    // Functions of each element by itself.
    public partial class Tensor
    {
        public Tensor abs() => Call("abs", this);
        public Tensor abs_() => Mutate("abs_", this);
        public Tensor ceil() => Call("ceil", this);
        public Tensor ceil_() => Mutate("ceil_", this);
        public Tensor erf() => Call("erf", this);
        public Tensor exp() => Call("exp", this);
        public Tensor exp_() => Mutate("exp_", this);
        public Tensor expm1() => Call("expm1", this);
        public Tensor expm1_() => Mutate("expm1_", this);
        public Tensor floor() => Call("floor", this);
        public Tensor floor_() => Mutate("floor_", this);
        public Tensor log() => Call("log", this);
        public Tensor log_() => Mutate("log_", this);
        public Tensor log1p() => Call("log1p", this);
        public Tensor log1p_() => Mutate("log1p_", this);
        public Tensor neg() => Call("neg", this);
        public Tensor neg_() => Mutate("neg_", this);
        public Tensor reciprocal() => Call("reciprocal", this);
        public Tensor reciprocal_() => Mutate("reciprocal_", this);
        public Tensor relu() => Call("relu", this);
        public Tensor relu_() => Mutate("relu_", this);
        public Tensor rsqrt() => Call("rsqrt", this);
        public Tensor rsqrt_() => Mutate("rsqrt_", this);
        public Tensor sigmoid() => Call("sigmoid", this);
        public Tensor sigmoid_() => Mutate("sigmoid_", this);
        public Tensor sign() => Call("sign", this);
        public Tensor sign_() => Mutate("sign_", this);
        public Tensor sqrt() => Call("sqrt", this);
        public Tensor sqrt_() => Mutate("sqrt_", this);
        public Tensor square() => Call("square", this);
        public Tensor tanh() => Call("tanh", this);
        public Tensor tanh_() => Mutate("tanh_", this);
        public Tensor trunc() => Call("trunc", this);
        public Tensor trunc_() => Mutate("trunc_", this);
        public Tensor logical_not() => Call("logical_not", this);
        public Tensor logical_not_() => Mutate("logical_not_", this);
        public Tensor bitwise_not() => Call("bitwise_not", this);
        public Tensor bitwise_not_() => Mutate("bitwise_not_", this);

        public Tensor negative() => neg();
        public Tensor absolute() => abs();
        public Tensor isfinite() => Call("isfinite", this);
        public Tensor isinf() => Call("isinf", this);
        public Tensor isnan() => Call("isnan", this);
        public Tensor round(long decimals = 0) => Call("round.decimals", this, decimals);
        public Tensor round_(long decimals = 0) => Mutate("round_.decimals", this, decimals);
        public Tensor logit(double? eps = null) => Call("logit", this, eps);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor softplus(double beta = 1, double threshold = 20) => Call("softplus", this, beta, threshold);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Call("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Mutate("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Mutate("clamp_.Tensor", this, min, max);
        public Tensor clamp_min(Scalar min) => Call("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Mutate("clamp_min_", this, min);
        public Tensor clamp_max(Scalar max) => Call("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Mutate("clamp_max_", this, max);

        public Tensor fill_(Scalar value) => Mutate("fill_.Scalar", this, value);

        /// <summary>Fills this tensor with zeros; the result is another object for it, and it takes no part in autograd, as in the original.</summary>
        public Tensor zero_() => Call("zeros.out", shape, default, default, default, default, this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Mutate("copy_", this, source, nonBlocking);
        public Tensor masked_fill(Tensor mask, Scalar value) => Call("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Mutate("masked_fill_.Scalar", this, mask, value);
    }
}
