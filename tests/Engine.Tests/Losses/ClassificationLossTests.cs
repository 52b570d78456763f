using MedSeg.Engine.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Losses;

/// <summary>Losses of classified images, (N,K).</summary>
public class ClassificationLossTests
{
    [Theory]
    [MemberData(nameof(LossPropertyTests.Variants), MemberType = typeof(LossPropertyTests))]
    public void An_image_that_is_classified_counts_as_a_map_of_one_pixel(string name, string key, string value)
    {
        using var scope = NewDisposeScope();

        ISegLoss loss = key.Length == 0 ? LossTests.Default(name) : LossRegistry.Create(new(name, new Dictionary<string, object?> { [key] = value }));
        Tensor p = tensor((float[])[0.9f, 0.2f, 0.4f, 0.7f, 0.1f, 0.6f]).reshape(3, 2), t = tensor((float[])[1, 0, 1, 1, 0, 0]).reshape(3, 2);
        p.requires_grad_();
        Tensor images = loss.Forward(p, t), maps = loss.Forward(p.reshape(3, 2, 1, 1), t.reshape(3, 2, 1, 1));
        Assert.Equal(maps.item<float>(), images.item<float>(), 1e-6 * Math.Max(1, Math.Abs(maps.item<float>())));
        images.backward();
        Assert.True(p.grad!.isfinite().all().item<bool>());
        Assert.True(p.grad.abs().max().item<float>() > 0, "the loss says which way to go");
    }
}
