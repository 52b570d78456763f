using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Device, loss, schedule, duration and transfer.</summary>
internal static class TrainingChecks
{
    private const string Loss = "training_parameters.loss";
    private const string Schedule = "training_parameters.scheduler.lr_scheduler";
    private static readonly string[] CyclicOnly = ["base_lr", "max_lr"];

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
    [
        .. Duration(facts.Config), .. LossOf(facts), .. WeightsOf(facts), .. ScheduleOf(facts.Config.TrainingParameters.Scheduler),
        .. Transfer(facts.Config.TrainingParameters.TransferLearning),
    ];

    private static IEnumerable<SegFinding> Duration(SegConfig config)
    {
        if (config.GpuIds.Length > 1)
        {
            yield return SeveralGpus.At("gpu_ids", $"{Describe.OneOf(config.GpuIds.Select(g => Describe.Number(g)))}: the first is used.");
        }

        TrainingTimeConfig time = config.TrainingParameters.TrainingTime;
        if (time.EarlyStoppingPatience >= time.NumEpochs)
        {
            yield return PatienceNever.At(
                "training_parameters.training_time.early_stopping_patience",
                $"{time.EarlyStoppingPatience} epochs of patience in a training of {time.NumEpochs} epochs: it never stops early.");
        }
    }

    private static IEnumerable<SegFinding> LossOf(ConfigFacts facts)
    {
        ComponentConfig loss = facts.Config.TrainingParameters.Loss;
        double[] wanted = ConfigFacts.Numbers(loss, "classes_of_interest") ?? [];
        if (facts.Classes > 0 && wanted.FirstOrDefault(c => c >= facts.Classes, -1) is >= 0 and var outside)
        {
            yield return LossClasses.At(
                $"{Loss}.classes_of_interest", $"{Describe.Number(outside)} is no class; there are {facts.Classes}, from 0.");
        }

        if (facts.Network == "Countception" && Losses(loss).Contains("BinaryCrossEntropyLoss"))
        {
            yield return LossNeedsProbabilities.At(
                $"{Loss}.name", "BinaryCrossEntropyLoss takes values from 0 to 1, and Countception also gives others.");
        }

        if (loss.Name == "LossCombination" && loss.Parameters.GetValueOrDefault("losses_list") is object?[] names)
        {
            if (loss.Parameters.GetValueOrDefault("params_list") is object?[] parameters && parameters.Length != names.Length)
            {
                yield return LossList.At($"{Loss}.params_list", $"{parameters.Length} elements for {names.Length} losses.");
            }
        }
    }

    private static IEnumerable<SegFinding> WeightsOf(ConfigFacts facts)
    {
        const string Key = "training_parameters.class_weights";
        int weights = facts.Config.TrainingParameters.ClassWeights.Length;
        if (weights > 0 && facts.Classes > 0 && weights != facts.Classes)
        {
            yield return ClassWeightsCount.At(Key, $"{Describe.Number(weights)} numbers for {Describe.Number(facts.Classes)} classes.");
        }

        if (weights > 0 && facts.Config.TrainingParameters.BalanceClasses)
        {
            yield return ClassWeightsTwice.At(Key, "balance_classes sets weights of classes too.");
        }
    }

    private static IEnumerable<string> Losses(ComponentConfig loss) =>
        loss.Parameters.GetValueOrDefault("losses_list") is System.Collections.IEnumerable names and not string
            ? names.OfType<string>().Prepend(loss.Name)
            : [loss.Name];

    private static IEnumerable<SegFinding> ScheduleOf(SchedulerConfig scheduler)
    {
        ComponentConfig chosen = scheduler.LrScheduler;
        if (chosen.Name != "CyclicLR")
        {
            string[] unused = [.. CyclicOnly.Where(chosen.Parameters.ContainsKey)];
            if (unused.Length > 0)
            {
                yield return ScheduleKeyUnused.At($"{Schedule}.{unused[0]}", $"{chosen.Name} does not use {string.Join(" and ", unused)}.");
            }

            yield break;
        }

        if (ConfigFacts.Numbers(chosen, "base_lr") is [var low] && ConfigFacts.Numbers(chosen, "max_lr") is [var high])
        {
            if (low >= high)
            {
                yield return ScheduleRates.At(
                    $"{Schedule}.max_lr", $"{Describe.Number(high)} is not above base_lr {Describe.Number(low)}.");
            }

            if (scheduler.InitialLr != low)
            {
                yield return InitialRateUnused.At(
                    "training_parameters.scheduler.initial_lr",
                    $"{Describe.Number(scheduler.InitialLr)} is not used; CyclicLR begins at base_lr {Describe.Number(low)}.");
            }
        }
    }

    private static IEnumerable<SegFinding> Transfer(TransferLearningConfig transfer)
    {
        if (transfer.RetrainModel is null)
        {
            yield break;
        }

        if (transfer is { Reset: true, RetrainFraction: 1 })
        {
            yield return WeightsForgotten.At(
                "training_parameters.transfer_learning.reset",
                "with retrain_fraction 1 every weight of the model is forgotten, as if there were no model.");
        }

        if (transfer.RetrainFraction == 0)
        {
            yield return NothingRetrained.At("training_parameters.transfer_learning.retrain_fraction", "0 trains no layer of the model.");
        }
    }
}
