namespace MedSeg;

/// <summary><c>training_parameters</c>.</summary>
public sealed class TrainingConfig
{
    [SegRange(1, 65536)]
    public int BatchSize { get; set; } = 18;

    public ComponentConfig Loss { get; set; } = new("DiceLoss");

    public TrainingTimeConfig TrainingTime { get; set; } = new();

    public SchedulerConfig Scheduler { get; set; } = new();

    public BalanceSamplesConfig BalanceSamples { get; set; } = new();

    /// <summary>α of the Beta distribution of mixup; null turns mixup off.</summary>
    [SegRange(0, 1e6, ExclusiveMinimum = true)]
    public double? MixupAlpha { get; set; }

    public TransferLearningConfig TransferLearning { get; set; } = new();
}

/// <summary><c>training_time</c>.</summary>
public sealed class TrainingTimeConfig
{
    [SegRange(1, 1000000)]
    public int NumEpochs { get; set; } = 100;

    /// <summary>Epochs without improvement after which training stops.</summary>
    [SegRange(1, 1000000)]
    public int EarlyStoppingPatience { get; set; } = 50;

    /// <summary>The best validation loss must fall by at least this much, as a percentage of itself, to count as improvement.</summary>
    [SegRange(0, 100)]
    public double EarlyStoppingEpsilon { get; set; } = 0.001;
}

/// <summary><c>scheduler</c>: learning rate over time.</summary>
public sealed class SchedulerConfig
{
    [SegRange(0, 1000, ExclusiveMinimum = true)]
    public double InitialLr { get; set; } = 0.001;

    public ComponentConfig LrScheduler { get; set; } = new("CosineAnnealingLR");
}

/// <summary><c>balance_samples</c>: weighted sampling.</summary>
public sealed class BalanceSamplesConfig
{
    public bool Applied { get; set; }

    public string Type { get; set; } = "gt";
}

/// <summary><c>transfer_learning</c>.</summary>
public sealed class TransferLearningConfig
{
    public string? RetrainModel { get; set; }

    [SegRange(0, 1)]
    public double RetrainFraction { get; set; } = 1;

    public bool Reset { get; set; }
}

/// <summary><c>uncertainty</c>.</summary>
public sealed class UncertaintyConfig
{
    public bool Epistemic { get; set; }

    public bool Aleatoric { get; set; }

    [SegRange(0, 100000)]
    public int NIt { get; set; }
}

/// <summary><c>evaluation_parameters</c>.</summary>
public sealed class EvaluationConfig
{
    public bool ObjectDetectionMetrics { get; set; } = true;

    public SizeThresholdConfig? TargetSize { get; set; }

    public SizeThresholdConfig? Overlap { get; set; }

    public SizeThresholdConfig? RemoveSmall { get; set; }
}

/// <summary>Sizes with their unit.</summary>
public sealed class SizeThresholdConfig
{
    public double[] Thr { get; set; } = [];

    [SegChoice("vox", "mm3", "ratio")]
    public string Unit { get; set; } = "vox";
}

/// <summary><c>wandb</c>: experiment tracking of the reference; read, kept and reported as not supported when used.</summary>
public sealed class WandbConfig
{
    public string WandbApiKey { get; set; } = "";

    public string ProjectName { get; set; } = "my_project";

    public string GroupName { get; set; } = "my_group";

    public string RunName { get; set; } = "run-1";

    [SegRange(1, int.MaxValue)]
    public int LogGradsEvery { get; set; } = 100;
}
