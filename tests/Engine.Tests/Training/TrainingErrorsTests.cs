using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class TrainingErrorsTests
{
    [Fact]
    public void A_spoilt_batch_names_slices_patches_and_volumes()
    {
        SampleSource one = SampleSource.Of(FakeDataset.Image("sub-1", "T2w")), other = SampleSource.Of(FakeDataset.Image("sub-2", "T2w"));
        Assert.Contains("with sub-1/anat/sub-1_T2w.nii.gz (slices 3, 4), sub-2/anat/sub-2_T2w.nii.gz (slices 0).", Message(new(one, 3), new(one, 4), new(other, 0)), StringComparison.Ordinal);
        Assert.Contains(
            "sub-1_T2w.nii.gz (slice 3 patch (0, 32); patch (1, 2, 3)).",
            Message(new(one, 3, new PatchCorner(0, 32)), new(one, null, new PatchCorner(1, 2, 3))), StringComparison.Ordinal);
        Assert.EndsWith("sub-1_T2w.nii.gz. Because.", Message(new SampleOrigin(one)), StringComparison.Ordinal);
    }

    private static string Message(params SampleOrigin[] origins)
    {
        var batch = new SampleBatch([], [], origins.Length, 1, 1, new GridSize(1, 1)) { Origins = origins };
        return TrainingErrors.LossNotFinite("training", double.NaN, 1, 0, batch, "Because.").Message;
    }
}
