using System.Text.Json;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class HistoryLogTests
{
    private static readonly SegEpoch First = new(1, -0.5, -0.4, null, 0.001, 2.5, true);

    [Fact]
    public void Every_epoch_is_one_json_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("history.jsonl");
        HistoryLog.Append(path, First);
        HistoryLog.Append(path, First with { Epoch = 2, IsBest = false });
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(2, lines.Length);
        var second = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(2, second.GetProperty("epoch").GetInt32());
        Assert.Equal(-0.4, second.GetProperty("validation_loss").GetDouble());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("validation_dice").ValueKind);
        Assert.False(second.GetProperty("is_best").GetBoolean());
    }

    [Fact]
    public void Metrics_have_the_references_names_and_undefined_ones_are_null()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("history.jsonl");
        HistoryLog.Append(path, First with { Metrics = new(0.5, 0.4, 0.3, 0.2, 0.9, 0.1, 0.8, null) });
        JsonElement metrics = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("metrics");
        Assert.Equal(
            ["dice_score", "multi_class_dice_score", "precision_score", "recall_score", "specificity_score", "intersection_over_union", "accuracy_score", "hausdorff_score"],
            metrics.EnumerateObject().Select(p => p.Name));
        Assert.Equal(0.3, metrics.GetProperty("precision_score").GetDouble());
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("hausdorff_score").ValueKind);
    }

    [Fact]
    public void Replacing_drops_epochs_that_will_be_run_again()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("history.jsonl");
        for (int epoch = 1; epoch <= 3; epoch++) HistoryLog.Append(path, First with { Epoch = epoch });
        HistoryLog.Replace(path, [First]);
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_an_error_for_users()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("CannotWrite", Assert.Throws<SegException>(() => HistoryLog.Append(folder.Path, First)).ErrorId);
    }
}
