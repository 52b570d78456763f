using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Inference;
using MedSeg.Engine.Training.Series;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Series;

public class SeriesSummaryTests
{
    [Fact]
    public void The_deviation_is_that_of_a_sample()
    {
        SegMetricSummary row = SeriesSummary.Row("x", [2, 4, 4, 4, 5, 5, 7, 9])!;
        Assert.Equal((8, 5, 2, 9), (row.Count, row.Mean, row.Minimum, row.Maximum));
        Assert.Equal(Math.Sqrt(32.0 / 7), row.StandardDeviation!.Value, 12);
        Assert.Equal("5.0000 ± 2.1381", row.ToString());
    }

    [Fact]
    public void Undefined_values_do_not_count_and_one_value_has_no_deviation()
    {
        SegMetricSummary row = SeriesSummary.Row("x", [null, 0.25, null])!;
        Assert.Equal((1, 0.25, null, "0.2500"), (row.Count, row.Mean, row.StandardDeviation, row.ToString()));
        Assert.Equal([null, 0.25, null], row.Values);
        Assert.Null(SeriesSummary.Row("x", [null, null]));
    }

    [Fact]
    public void Figures_are_those_of_the_packaged_epochs()
    {
        SegTrainingSummary summary = SeriesSummary.Of(EnsembleModel.Of("/runs", [Model("seed-1", 2, 0.5), Model("seed-2", 1, 0.75)]));
        Assert.Equal(["seed-1", "seed-2"], summary.Runs);
        Assert.Equal((0.5, 0.35), (summary.ValidationLoss!.Mean, summary.ValidationDice!.Mean));
        Assert.Equal([0.6, 0.4], summary.ValidationLoss.Values);
        Assert.Equal(0.5, summary.Metrics.Single(row => row.Metric == "RecallScore").Mean);
        Assert.DoesNotContain(summary.Metrics, row => row.Metric == "HausdorffScore");
        Assert.Equal("TrainingLoss", summary.Metrics[^1].Metric);

        static SegModel Model(string run, int best, double loss)
        {
            SegEpoch Epoch(int epoch) => new(epoch, 0.9, epoch == 1 ? 0.4 : 0.6, epoch == 1 ? 0.3 : 0.4, 0.1, 1, true)
            {
                Metrics = new SegValidationMetrics(null, null, null, epoch == best ? 0.5 : 0.1, null, null, null, null),
            };
            return CopyModel.Wrap("m", $"/runs/{run}/m", new SegConfig(), "") with { History = [Epoch(1), Epoch(2)], BestEpoch = best, BestValidationLoss = loss };
        }
    }
}
