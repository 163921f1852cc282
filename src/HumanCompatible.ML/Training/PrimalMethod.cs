namespace HumanCompatible.ML.Training;

/// <summary>How the weights of a network move: w is a weight, g its gradient, r the step size, d the weight decay.</summary>
public enum PrimalMethod
{
    /// <summary>
    /// Adam with decoupled weight decay: m and v are decayed means of g and g^2, and w &lt;- (1 - r d) w - r m / (sqrt(v) + 1e-8).
    /// Sources: Kingma and Ba (2015); Loshchilov and Hutter (2019).
    /// </summary>
    AdamW = 0,

    /// <summary>
    /// Stochastic gradient descent with momentum: m &lt;- momentum m + g, w &lt;- (1 - r d) w - r m. Source: Sutskever et al. (2013).
    /// </summary>
    Sgd = 1,
}
