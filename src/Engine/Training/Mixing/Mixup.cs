using MedSeg.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Mixing;

/// <summary>A batch after mixup.</summary>
/// <param name="Draw">What was drawn.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Image">(N,C,H,W) or (N,C,H,W,D)</param>
/// <param name="Target">(N,K,H,W), (N,K,H,W,D) or (N,K)</param>
internal sealed record MixedBatch(MixupDraw Draw, int Epoch, Tensor Image, Tensor Target);

/// <summary>
/// Trains on mixtures of samples (Zhang et al. 2018): one λ and one permutation per batch, for images and labels alike. What goes
/// beside the image stays that of the sample with the larger share: its metadata, and its contrasts. A contrast that its partner lacks is not mixed.
/// </summary>
/// <param name="alpha">α of the Beta distribution, above 0.</param>
/// <param name="seed">Seed of the run.</param>
internal sealed class Mixup(double alpha, long seed)
{
    /// <summary>Shown every batch; the tensors are valid during the call.</summary>
    public Action<MixedBatch>? Mixed { get; init; }

    /// <summary>The configured mixup; null without <c>mixup_alpha</c>.</summary>
    /// <param name="pictures">Folder of the pictures that <c>debugging</c> asks for.</param>
    public static Mixup? Of(SegConfig config, long seed, string pictures) => config.TrainingParameters.MixupAlpha is { } alpha
        ? new Mixup(alpha, seed) { Mixed = config.Debugging ? new MixupPictures(pictures).Show : null }
        : null;

    /// <summary>The mixed batch; it belongs to the current dispose scope.</summary>
    /// <param name="inputs">N samples.</param>
    /// <param name="target">Of as many samples; any number of axes.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="number">Of the batch in its epoch, from 0.</param>
    public (NetworkInputs Inputs, Tensor Target) Apply(NetworkInputs inputs, Tensor target, int epoch, int number)
    {
        MixupDraw draw = MixupDraw.For(seed, epoch, number, alpha, (int)target.shape[0]);
        var result = Apply(inputs, target, draw);
        Mixed?.Invoke(new MixedBatch(draw, epoch, result.Inputs.Image, result.Target));
        return result;
    }

    /// <summary>The batch, mixed as it was drawn.</summary>
    public static (NetworkInputs Inputs, Tensor Target) Apply(NetworkInputs inputs, Tensor target, MixupDraw draw)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor partners = tensor(draw.Partners.Select(i => (long)i).ToArray(), device: target.device);
        Tensor image = Mix(inputs.Image, partners, draw.Share);
        if (inputs.Available is { } available) image = where(Shared(available, partners, image.dim()), image, inputs.Image);
        return (inputs with { Image = image.MoveToOuterDisposeScope() }, Mix(target, partners, draw.Share).MoveToOuterDisposeScope());
    }

    private static Tensor Mix(Tensor values, Tensor partners, double share)
    {
        using Scalar own = share, other = 1 - share;
        return values.mul(own).add_(values.index_select(0, partners), alpha: other);
    }

    /// <summary>Where a sample and its partner both have the contrast: (N,C,1,…).</summary>
    private static Tensor Shared(Tensor available, Tensor partners, long axes)
    {
        Tensor both = available.mul(available.index_select(0, partners)).to_type(ScalarType.Bool);
        return both.reshape([.. both.shape, .. Enumerable.Repeat(1L, (int)axes - 2)]);
    }
}
