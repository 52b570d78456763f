namespace MedSeg;

/// <summary><c>training_parameters</c>.</summary>
public sealed class TrainingConfig
{
    /// <summary>Slices per step.</summary>
    [SegRange(1, 65536)]
    public int BatchSize { get; set; } = 18;

    /// <summary>What training minimises: a name and the parameters of that loss.</summary>
    public ComponentConfig Loss { get; set; } = new("DiceLoss");

    /// <summary>How long training lasts.</summary>
    public TrainingTimeConfig TrainingTime { get; set; } = new();

    /// <summary>Learning rate over time.</summary>
    public SchedulerConfig Scheduler { get; set; } = new();

    /// <summary>How gradients change weights: a name and the parameters of that optimiser.</summary>
    [SegOmitDefault]
    public ComponentConfig Optimizer { get; set; } = new("Adam");

    /// <summary>Largest norm of all gradients together; larger ones are scaled down to it. null sets no limit.</summary>
    [SegRange(0, 1e30, ExclusiveMinimum = true)]
    public double? GradientClipNorm { get; set; }

    /// <summary>Batches whose gradients make one step, as a larger batch would.</summary>
    [SegRange(1, 1000000)]
    [SegOmitDefault]
    public int AccumulateBatches { get; set; } = 1;

    /// <summary>What convolutions compute in while training; weights, losses, validation and packaged models are float32 always.</summary>
    [SegChoice("float32", "bfloat16", "float16")]
    [SegOmitDefault]
    public string Precision { get; set; } = "float32";

    /// <summary>Decay per step of a moving average of the weights, which is then validated and packaged; null turns it off.</summary>
    [SegRange(0, 0.999999999)]
    public double? EmaDecay { get; set; }

    /// <summary>How much each class counts in the loss, in the order of target_suffix; only their ratios matter. Empty counts all alike.</summary>
    [SegRange(0, 1e9)]
    [SegOmitDefault]
    public double[] ClassWeights { get; set; } = [];

    /// <summary>Classes count in the loss by the inverse of their size in the training labels.</summary>
    [SegOmitDefault]
    public bool BalanceClasses { get; set; }

    /// <summary>Weighted sampling.</summary>
    public BalanceSamplesConfig BalanceSamples { get; set; } = new();

    /// <summary>α of the Beta distribution of mixup; null turns mixup off.</summary>
    [SegRange(0, 1e6, ExclusiveMinimum = true)]
    public double? MixupAlpha { get; set; }

    /// <summary>Minutes between checkpoints within an epoch; 0 saves at the end of epochs only.</summary>
    [SegRange(0, 100000)]
    public double CheckpointEveryMinutes { get; set; } = 10;

    /// <summary>Start from a trained model.</summary>
    public TransferLearningConfig TransferLearning { get; set; } = new();
}

/// <summary><c>training_time</c>.</summary>
public sealed class TrainingTimeConfig
{
    /// <summary>Epochs at most.</summary>
    [SegRange(1, 1000000)]
    public int NumEpochs { get; set; } = 100;

    /// <summary>Epochs without improvement after which training stops.</summary>
    [SegRange(1, 1000000)]
    public int EarlyStoppingPatience { get; set; } = 50;

    /// <summary>The best validation loss must fall by at least this much, as a percentage of itself, to count as improvement.</summary>
    [SegRange(0, 100)]
    public double EarlyStoppingEpsilon { get; set; } = 0.001;

    /// <summary>What an epoch is compared with: best starts counting again after an improvement; previous, the reference toolbox's rule, never does.</summary>
    [SegChoice("best", "previous")]
    [SegOmitDefault]
    public string EarlyStoppingRule { get; set; } = "best";
}

/// <summary><c>scheduler</c>: learning rate over time.</summary>
public sealed class SchedulerConfig
{
    /// <summary>Learning rate of the first epoch.</summary>
    [SegRange(0, 1000, ExclusiveMinimum = true)]
    public double InitialLr { get; set; } = 0.001;

    /// <summary>How the learning rate falls: a name and the parameters of that schedule.</summary>
    public ComponentConfig LrScheduler { get; set; } = new("CosineAnnealingLR");
}

/// <summary><c>balance_samples</c>: training samples are drawn with replacement, each label equally often.</summary>
public sealed class BalanceSamplesConfig
{
    /// <summary>Draw rare samples more often.</summary>
    public bool Applied { get; set; }

    /// <summary>gt (which classes the sample has) or a metadata column.</summary>
    public string Type { get; set; } = "gt";
}

/// <summary><c>transfer_learning</c>.</summary>
public sealed class TransferLearningConfig
{
    /// <summary>The model to start from: the folder of a packaged model, a .safetensors or an .onnx file; null starts with fresh weights.</summary>
    public string? RetrainModel { get; set; }

    /// <summary>Share of the layers, from the end, that is trained.</summary>
    [SegRange(0, 1)]
    public double RetrainFraction { get; set; } = 1;

    /// <summary>Forget the weights of the layers that are trained.</summary>
    public bool Reset { get; set; }
}

/// <summary><c>uncertainty</c>.</summary>
public sealed class UncertaintyConfig
{
    /// <summary>Repeat predictions with dropout.</summary>
    public bool Epistemic { get; set; }

    /// <summary>Repeat predictions with random transforms.</summary>
    public bool Aleatoric { get; set; }

    /// <summary>How many repetitions; 0 turns uncertainty off.</summary>
    [SegRange(0, 100000)]
    public int NIt { get; set; }
}

/// <summary><c>evaluation_parameters</c>.</summary>
public sealed class EvaluationConfig
{
    /// <summary>Also measure detection of single objects.</summary>
    public bool ObjectDetectionMetrics { get; set; } = true;

    /// <summary>Bins of object sizes.</summary>
    public SizeBinsConfig? TargetSize { get; set; }

    /// <summary>Overlap from which an object counts as detected.</summary>
    public OverlapConfig? Overlap { get; set; }
}

/// <summary><c>target_size</c>: edges of size bins.</summary>
public sealed class SizeBinsConfig
{
    /// <summary>Rising sizes between the bins.</summary>
    [SegRange(0, 1e15)]
    public double[] Thr { get; set; } = [];

    /// <summary>Voxels or cubic millimetres.</summary>
    [SegChoice("vox", "mm3")]
    public string Unit { get; set; } = "vox";
}

/// <summary><c>overlap</c>: when an object counts as detected.</summary>
public sealed class OverlapConfig
{
    /// <summary>Smallest overlap.</summary>
    [SegRange(0, 1e15)]
    public double Thr { get; set; } = 3;

    /// <summary>Voxels, cubic millimetres or a fraction of the reference object.</summary>
    [SegChoice("vox", "mm3", "ratio")]
    public string Unit { get; set; } = "vox";
}

/// <summary><c>wandb</c>: experiment tracking of the reference toolbox; read, kept and reported as not supported when used.</summary>
public sealed class WandbConfig
{
    /// <summary>Empty means off.</summary>
    public string WandbApiKey { get; set; } = "";

    /// <summary>Project of the run.</summary>
    public string ProjectName { get; set; } = "my_project";

    /// <summary>Group of the run.</summary>
    public string GroupName { get; set; } = "my_group";

    /// <summary>Name of the run.</summary>
    public string RunName { get; set; } = "run-1";

    /// <summary>Steps between gradient histograms.</summary>
    [SegRange(1, int.MaxValue)]
    public int LogGradsEvery { get; set; } = 100;
}
