using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;

namespace MedSeg.Engine.Training;

/// <summary>The files of one training run. Everything but the packaged model can be deleted once training has finished.</summary>
/// <param name="Path">Full path of the run folder.</param>
internal sealed record RunFolder(string Path)
{
    /// <summary>Held open, exclusively, while a process trains here.</summary>
    public string Lock => In("run.lock");

    /// <summary>Who holds the lock.</summary>
    public string Owner => In("run.owner.json");

    /// <summary>The merged configuration.</summary>
    public string Config => In("config.json");

    public string Split => In("split.json");

    /// <summary>One JSON line per finished epoch.</summary>
    public string History => In(ModelPackage.RunMark);

    /// <summary>What a series of trainings consists of; each of them has a run folder of its own below.</summary>
    public string Series => In(EnsemblePackage.RunMark);

    /// <summary>Folder of the films of validation slices.</summary>
    public string Films => In("gifs");

    /// <summary>Programs and machine, with <c>debugging</c>.</summary>
    public string Versions => In("version_info.json");

    /// <summary>Curve of a threshold search by Dice.</summary>
    public string ThresholdCurve => In("thr.png");

    /// <summary>Curve of a threshold search by the receiver operating characteristic.</summary>
    public string RocCurve => In("roc.png");

    public string Checkpoints => In("checkpoints");

    /// <summary>Pictures of mixed samples, with <c>debugging</c>.</summary>
    public string Mixup => In("mixup");

    /// <summary>What FiLM makes of the categories, with <c>debugging</c>.</summary>
    public string Film => In("film_parameters");

    /// <summary>Folder of the packaged model.</summary>
    public string Model(string modelName) => In(modelName);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
