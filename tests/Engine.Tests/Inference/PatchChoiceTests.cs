using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public class PatchChoiceTests
{
    private readonly List<string> _warnings = [];

    [Fact]
    public void The_patches_of_training_are_taken()
    {
        Assert.Equal((new GridSize(32, 48), new GridSize(16, 24)), (Of(Patches()).Length, Of(Patches()).Stride));
        Assert.Null(Of(new SegConfig()).Length);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Slices_can_be_taken_whole()
    {
        Assert.Null(Of(Patches(), whole: true).Length);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(new[] { 8 }, 24, 40)]
    [InlineData(new[] { 40, 4 }, 28, 8)]
    [InlineData(new[] { 0, 0 }, 32, 48)]
    [InlineData(new[] { 47, 31 }, 1, 1)]
    public void The_overlap_is_along_width_then_height(int[] overlap, int strideH, int strideW) =>
        Assert.Equal(new GridSize(strideH, strideW), Of(Patches(), overlap: overlap).Stride);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 32 })]
    [InlineData(new[] { 48, 0 })]
    [InlineData(new[] { 0, 32 })]
    [InlineData(new[] { -1, 0 })]
    [InlineData(new[] { 1, 1, 1 })]
    public void An_overlap_as_large_as_the_patch_is_refused(int[] overlap)
    {
        var error = Assert.Throws<SegException>(() => Of(Patches(), overlap: overlap));
        Assert.Equal("PatchOverlapRange", error.ErrorId);
        Assert.Contains("32 rows and 48 columns", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 8 }, 24, 40, 8)]
    [InlineData(new[] { 40, 4, 2 }, 28, 8, 14)]
    [InlineData(new[] { 47, 31, 15 }, 1, 1, 1)]
    public void The_overlap_of_volumes_is_along_width_then_height_then_depth(int[] overlap, int strideH, int strideW, int strideD) =>
        Assert.Equal(new GridSize(strideH, strideW, strideD), Of(Volumes(), overlap: overlap).Stride);

    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 16 })]
    [InlineData(new[] { 0, 0, 16 })]
    [InlineData(new[] { 0, 0, -1 })]
    public void An_overlap_that_does_not_suit_volumes_is_refused(int[] overlap)
    {
        var error = Assert.Throws<SegException>(() => Of(Volumes(), overlap: overlap));
        Assert.Equal("PatchOverlapRange", error.ErrorId);
        Assert.Contains("32 rows, 48 columns and a depth of 16", error.Message, StringComparison.Ordinal);
        Assert.Contains("three", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Modified3DUnet_brings_patches_of_its_own()
    {
        var config = new SegConfig { Modified3DUnet = { Applied = true, Length3D = [64, 48, 32], Stride3D = [32, 48, 32] } };
        Assert.Equal((new GridSize(64, 48, 32), true), (Of(config).Length, Of(config).IsVolume));
        Assert.Null(Of(config, whole: true).Length);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(true, true, "PatchOverlap has no effect: slices are taken whole")]
    [InlineData(false, true, "NoPatch has no effect")]
    [InlineData(false, false, "PatchOverlap has no effect: m was trained without patches")]
    public void Options_without_effect_are_warned_of(bool patches, bool whole, string warning)
    {
        Assert.Null(Of(patches ? Patches() : new SegConfig(), whole, patches || !whole ? [1] : null).Length);
        Assert.StartsWith(warning, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private static SegConfig Patches() => new() { DefaultModel = { Length2D = [32, 48], Stride2D = [16, 24] } };

    private static SegConfig Volumes() => new() { DefaultModel = { Is2D = false, Length3D = [32, 48, 16], Stride3D = [16, 24, 8] } };

    private PatchSettings Of(SegConfig config, bool whole = false, int[]? overlap = null) => PatchChoice.Of(
        new PredictionRequest(CopyModel.Wrap("m", "m", config, ""), [], "out", "cpu", null, false) { WholeSlices = whole, PatchOverlap = overlap },
        _warnings.Add);
}
