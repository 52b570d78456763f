using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Training;

/// <summary>The learning-rate schedules that <c>training_parameters.scheduler.lr_scheduler</c> can name.</summary>
public static class SchedulerRegistry
{
    private static readonly string[] CyclicOnly = ["base_lr", "max_lr"];

    private static readonly ComponentSpec Cosine = new(
        "CosineAnnealingLR",
        [
            new("eta_min", ParameterKind.Number, 0.0, Minimum: 0, Help: "Learning rate that the schedule approaches at the end."),
            new("base_lr", ParameterKind.Number, Minimum: 0, Help: "Ignored, as by the reference toolbox; belongs to CyclicLR."),
            new("max_lr", ParameterKind.Number, Minimum: 0, Help: "Ignored, as by the reference toolbox; belongs to CyclicLR."),
        ]);

    private static readonly ComponentSpec WarmRestarts = new(
        "CosineAnnealingWarmRestarts",
        [
            new("T_0", ParameterKind.Integer, Minimum: 1, Maximum: int.MaxValue, Required: true, Help: "Epochs until the first restart."),
            new("T_mult", ParameterKind.Integer, 1L, Minimum: 1, Maximum: int.MaxValue, Help: "Factor by which the time between restarts grows."),
            new("eta_min", ParameterKind.Number, 0.0, Minimum: 0, Help: "Smallest learning rate."),
        ]);

    private static readonly ComponentSpec Cyclic = new(
        "CyclicLR",
        [
            new("base_lr", ParameterKind.Number, Minimum: 0, Required: true, Help: "Smallest learning rate."),
            new("max_lr", ParameterKind.Number, Minimum: 0, Required: true, Help: "Largest learning rate of the first cycle; each further cycle rises half as high above base_lr."),
            new("step_size_up", ParameterKind.Integer, 2000L, Minimum: 1, Maximum: int.MaxValue, Help: "Steps (batches) of the rising half of a cycle."),
            new("step_size_down", ParameterKind.Integer, Minimum: 1, Maximum: int.MaxValue, Help: "Steps (batches) of the falling half; as many as rising when absent."),
        ]);

    /// <summary>All schedules with their parameters, for configuration validation.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } = [Cosine, WarmRestarts, Cyclic];

    /// <summary>Builds the schedule that a configuration names.</summary>
    /// <param name="config">Name, parameters and initial learning rate; validated before.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    /// <param name="warn">Told about parameters without effect.</param>
    /// <exception cref="SegException"><c>SchedulerUnknown</c>.</exception>
    public static ILearningRateSchedule Create(SchedulerConfig config, int epochs, Action<string> warn)
    {
        ComponentConfig chosen = config.LrScheduler;
        if (chosen.Name == Cosine.Name)
        {
            WarnAboutCyclicParameters(chosen, warn);
            return new CosineAnnealing(config.InitialLr, ParameterReader.Get<double>(chosen, Cosine, "eta_min"), epochs);
        }

        if (chosen.Name == WarmRestarts.Name)
        {
            return new CosineWarmRestarts(
                config.InitialLr,
                ParameterReader.Get<double>(chosen, WarmRestarts, "eta_min"),
                ParameterReader.Get<int>(chosen, WarmRestarts, "T_0"),
                ParameterReader.Get<int>(chosen, WarmRestarts, "T_mult"));
        }

        return chosen.Name == Cyclic.Name ? CreateCyclic(chosen) : throw new SegException(
            "SchedulerUnknown",
            SegErrorKind.InvalidArgument,
            $"training_parameters.scheduler.lr_scheduler: '{chosen.Name}' is not a known schedule.",
            $"Use one of: {string.Join(", ", Specs.Select(s => s.Name))}.",
            chosen.Name);
    }

    private static CyclicRate CreateCyclic(ComponentConfig chosen)
    {
        int up = ParameterReader.Get<int>(chosen, Cyclic, "step_size_up");
        return new CyclicRate(
            ParameterReader.Get<double>(chosen, Cyclic, "base_lr"),
            ParameterReader.Get<double>(chosen, Cyclic, "max_lr"),
            up,
            ParameterReader.Get<int?>(chosen, Cyclic, "step_size_down") ?? up);
    }

    /// <summary>Files of the reference toolbox carry these two everywhere; there they never had an effect on this schedule (D-07).</summary>
    private static void WarnAboutCyclicParameters(ComponentConfig chosen, Action<string> warn)
    {
        string[] unused = [.. CyclicOnly.Where(chosen.Parameters.ContainsKey)];
        if (unused.Length == 0) return;
        warn($"training_parameters.scheduler.lr_scheduler: {Cosine.Name} does not use {string.Join(" and ", unused)}; "
            + "the rate falls from initial_lr to eta_min.");
    }
}
