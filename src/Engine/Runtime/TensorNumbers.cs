using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp's operators make a native number that nothing holds while native code reads it: the
/// garbage collector may free it in between, and another thread's number is then read instead. Here it is held.
/// </summary>
internal static class TensorNumbers
{
    /// <summary>x + number</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using Scalar value = number, one = 1;
        return x.add(value, one);
    }

    /// <summary>x + y; the operator hides a factor of 1.</summary>
    public static Tensor Plus(this Tensor x, Tensor y)
    {
        using Scalar one = 1;
        return x.add(y, alpha: one);
    }

    /// <summary>x − y; the operator hides a factor of 1.</summary>
    public static Tensor Minus(this Tensor x, Tensor y)
    {
        using Scalar minus = -1;
        return x.add(y, alpha: minus);
    }

    /// <summary>number − x</summary>
    public static Tensor From(this Tensor x, double number)
    {
        using Tensor negative = x.neg();
        return negative.Plus(number);
    }

    /// <summary>number · x</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar value = number;
        return x.mul(value);
    }

    /// <summary>x / number</summary>
    public static Tensor Over(this Tensor x, double number)
    {
        using Scalar value = number;
        return x.div(value);
    }

    /// <summary>x where it is larger, else the number.</summary>
    public static Tensor AtLeast(this Tensor x, double least)
    {
        using Scalar value = least;
        return x.clamp(min: value);
    }

    /// <summary>x where it is smaller, else the number.</summary>
    public static Tensor AtMost(this Tensor x, double most)
    {
        using Scalar value = most;
        return x.clamp(max: value);
    }

    /// <summary>x limited to a range.</summary>
    public static Tensor Within(this Tensor x, double least, double most)
    {
        using Scalar low = least, high = most;
        return x.clamp(low, high);
    }

    /// <summary>x to the power of a number.</summary>
    public static Tensor ToPower(this Tensor x, double exponent)
    {
        using Scalar value = exponent;
        return x.pow(value);
    }
}
