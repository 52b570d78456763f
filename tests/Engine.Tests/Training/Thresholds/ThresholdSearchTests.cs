using System.Text.Json;
using MedSeg.Engine.Packaging;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Thresholds;

[Collection(TorchGlobalState.Name)]
public sealed class ThresholdSearchTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void The_threshold_found_is_in_the_package_and_changes_no_weights()
    {
        SegModel plain = phantom.Train(phantom.NewFolder());
        SegModel model = phantom.Train(phantom.NewFolder(), search: 0.1);
        SegThresholdSearch search = model.ThresholdSearch!;
        Assert.Equal((9, SegThresholdCriterion.Dice, model.Split.Training.Count + model.Split.Validation.Count), (search.Points.Count, search.Criterion, search.Images));
        Assert.Equal(search.Points.Max(p => p.Dice), search.Points.Single(p => p.Threshold == search.Threshold).Dice);
        Assert.Equal(search.Threshold, model.Threshold);
        Assert.Equal(search.Threshold, ModelPackageWriter.ThresholdOf(model.Config));
        Assert.Equal(File.ReadAllBytes(ModelPackage.WeightsPath(plain)), File.ReadAllBytes(ModelPackage.WeightsPath(model)));
        Assert.Null(plain.ThresholdSearch);

        SegModel loaded = ModelPackage.Load(model.Path, SegEngine.Catalog, warning => Assert.Fail(warning));
        Assert.Equal(JsonSerializer.Serialize(search), JsonSerializer.Serialize(loaded.ThresholdSearch));
        Assert.Equal(search.Threshold, loaded.Threshold);
        using SKBitmap picture = SKBitmap.Decode(Path.Combine(model.RunPath!, "thr.png"));
        Assert.Equal((500, 510), (picture.Width, picture.Height));
        Assert.False(File.Exists(Path.Combine(model.RunPath!, "roc.png")));
    }

    [Fact]
    public void A_run_that_was_stopped_finds_the_same_threshold()
    {
        SegModel straight = phantom.Train(phantom.NewFolder(), search: 0.05, criterion: SegThresholdCriterion.Roc);
        Assert.True(File.Exists(Path.Combine(straight.RunPath!, "roc.png")));
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 5);
        SegModel resumed = phantom.Train(folder, resume: true, search: 0.05, criterion: SegThresholdCriterion.Roc);
        Assert.Equal(JsonSerializer.Serialize(straight.ThresholdSearch), JsonSerializer.Serialize(resumed.ThresholdSearch));
        Assert.Equal(File.ReadAllBytes(Path.Combine(straight.RunPath!, "roc.png")), File.ReadAllBytes(Path.Combine(folder, "roc.png")));
        Assert.Equal(straight.Sha256, resumed.Sha256);
    }

    [Fact]
    public void A_search_that_was_stopped_begins_again()
    {
        string folder = phantom.NewFolder();
        using var stop = new CancellationTokenSource();
        var observer = new StoppingObserver(stop);
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, search: 0.1, observer: observer, ct: stop.Token));
        SegModel model = phantom.Train(folder, resume: true, search: 0.1);
        Assert.Equal(
            JsonSerializer.Serialize(phantom.Train(phantom.NewFolder(), search: 0.1).ThresholdSearch), JsonSerializer.Serialize(model.ThresholdSearch));
    }

    [Fact]
    public void A_finished_model_is_not_searched_any_more_which_a_warning_says()
    {
        string folder = phantom.NewFolder();
        phantom.Train(folder);
        var observer = new RecordingObserver();
        Assert.Null(phantom.Train(folder, resume: true, search: 0.5, observer: observer).ThresholdSearch);
        Assert.Contains("-ThresholdSearch", Assert.Single(observer.Warnings), StringComparison.Ordinal);

        string searched = phantom.NewFolder();
        phantom.Train(searched, search: 0.5);
        observer.Warnings.Clear();
        Assert.NotNull(phantom.Train(searched, resume: true, search: 0.5, observer: observer).ThresholdSearch);
        Assert.Empty(observer.Warnings);
    }

    [Fact]
    public void A_criterion_without_a_search_is_refused() => Assert.Equal(
        "CriterionWithoutSearch", Assert.Throws<SegException>(() => phantom.Train(phantom.NewFolder(), criterion: SegThresholdCriterion.Roc)).ErrorId);

    [Fact]
    public void Filters_and_overlapping_patches_do_not_hide_voxels()
    {
        // Slices of 20×20 as patches of 12×12: without their own filters every voxel of every slice counts once.
        SegModel model = phantom.Train(phantom.NewFolder(), search: 0.5, config: PhantomRun.Config(c =>
        {
            (c.DefaultModel.Length2D, c.DefaultModel.Stride2D) = ([12, 12], [8, 8]);
            (c.LoaderParameters.PatchFilterParams.FilterEmptyMask, c.LoaderParameters.SliceFilterParams.FilterEmptyMask) = (true, true);
            c.TrainingParameters.TrainingTime.NumEpochs = 1;
        }));
        Assert.Equal(0.5, model.Threshold);
        Assert.NotNull(model.ThresholdSearch!.Points[0].Specificity);
    }

    [Fact]
    public void Networks_that_take_metadata_are_searched_and_shown_with_it()
    {
        SegModel model = phantom.Train(phantom.NewFolder(), search: 0.5, films: 1, config: PhantomRun.Config(c =>
        {
            (c.FilmedUnet.Applied, c.FilmedUnet.Metadata, c.FilmedUnet.FilmLayers, c.Debugging) = (true, "contrasts", [1, 1, 1, 1, 1, 1], true);
            c.TrainingParameters.TrainingTime.NumEpochs = 1;
        }));
        Assert.Equal(0.5, model.ThresholdSearch!.Threshold);
    }

    /// <summary>Cancels when the search shows its first image.</summary>
    private sealed class StoppingObserver(CancellationTokenSource stop) : ISegObserver
    {
        public void Progress(SegProgress progress)
        {
            if (progress.Activity.StartsWith("Threshold", StringComparison.Ordinal)) stop.Cancel();
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Error(SegException error) => Assert.Fail(error.Message);
    }
}
