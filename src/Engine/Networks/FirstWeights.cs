namespace MedSeg.Engine.Networks;

/// <summary>How the first weights of convolutions are drawn.</summary>
internal enum FirstWeights
{
    /// <summary>PyTorch's default: uniform in ±1/√fan_in (Kaiming uniform with a = √5), the bias too.</summary>
    Uniform,

    /// <summary>Normal with variance 2/fan_in (He et al. 2015), bias 0.</summary>
    NormalFanIn,

    /// <summary>Normal with variance 2/fan_out, which keeps the variance of gradients; bias 0.</summary>
    NormalFanOut,

    /// <summary>Uniform with variance g²·2/(fan_in + fan_out) (Glorot and Bengio 2010), g² = 2/(1 + 0.01²) for a leaky ReLU; bias 0.</summary>
    Xavier,
}
