using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class SliceDiceTests
{
    [Fact]
    public void Averages_slices_and_classes_where_it_is_defined()
    {
        // Slice 1: class 1 has P = {0, 1}, G = {1}: 2/3; class 2 is empty in both. Slice 2: class 1 misses (0), class 2 hits (1).
        using var prediction = torch.tensor(new float[] { 0.5f, 0.9f, 0.4f, 0, 0, 0, 0, 0, 0.1f, 0.1f, 0, 0, 0, 0, 0, 1 }).reshape(2, 2, 2, 2);
        using var target = torch.tensor(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1 }).reshape(2, 2, 2, 2);
        var dice = new SliceDice(0.5);
        dice.Add(prediction, target);
        Assert.Equal(((2.0 / 3) + 0 + 1) / 3, dice.Mean!.Value, 1e-12);
    }

    [Fact]
    public void Averages_volumes_over_all_their_voxels()
    {
        // Of 2×2×3 voxels four are found where three are, 2·3 / (4 + 3); the second volume has nothing in either.
        using var prediction = torch.tensor((float[])[0, 0.7f, 0, 0, 0.7f, 0, 0, 0.7f, 0, 0, 0.7f, 0, .. new float[12]]).reshape(2, 1, 2, 2, 3);
        using var target = torch.tensor((float[])[0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, .. new float[12]]).reshape(2, 1, 2, 2, 3);
        var dice = new SliceDice(0.5);
        dice.Add(prediction, target);
        Assert.Equal(6.0 / 7, dice.Mean!.Value, 1e-12);
    }

    [Fact]
    public void Is_undefined_when_nothing_is_there()
    {
        using var empty = torch.zeros(3, 1, 4, 4);
        var dice = new SliceDice(0.5);
        dice.Add(empty, empty);
        Assert.Null(dice.Mean);
    }
}
