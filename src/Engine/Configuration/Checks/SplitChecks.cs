using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Fractions of the split.</summary>
internal static class SplitChecks
{
    private const double Rounding = 1e-9;

    public static IEnumerable<SegFinding> Of(ConfigFacts facts)
    {
        SplitConfig split = facts.Config.SplitDataset;
        if (split.FnameSplit is not null)
        {
            yield break;
        }

        double sum = split.TrainFraction + split.TestFraction;
        if (split.TrainFraction == 0)
        {
            yield return SplitFractions.At("split_dataset.train_fraction", "0 leaves nothing to train on.");
        }

        if (sum > 1 + Rounding)
        {
            yield return SplitFractions.At(
                "split_dataset.train_fraction",
                $"train_fraction {Describe.Number(split.TrainFraction)} and test_fraction {Describe.Number(split.TestFraction)} "
                + "do not leave room for each other; their sum must be at most 1, and what is left is for validation.");
        }
        else if (sum >= 1 - Rounding)
        {
            yield return NoValidationSet.At(
                "split_dataset.train_fraction", "train_fraction and test_fraction add up to 1, so that nobody validates.");
        }

        if (split.TestFraction == 0 && split.DataTesting.DataValue.Length == 0)
        {
            yield return NoTestSet.At("split_dataset.test_fraction", "0 leaves nobody to test the model on.");
        }
    }
}
