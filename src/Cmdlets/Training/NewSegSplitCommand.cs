using System.Globalization;
using System.Management.Automation;
using MedSeg.Cmdlets.Configuration;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Training;

/// <summary>Shows who would train, validate and test, without training.</summary>
/// <remarks>
/// Makes the split that Start-SegTraining would make of the same dataset with the same configuration: the section split_dataset and
/// subject_selection decide, and images without a label or of other contrasts do not count. The same seed and the same names give the same
/// split on every machine. With -Path it is also written as a JSON file that split_dataset.fname_split accepts, so that several trainings can
/// share one split, or a split can be changed by hand. -Fold 5 gives the five splits of a cross-validation, each with one fold as its test set.
/// docs/split.md has the rules.
/// </remarks>
/// <example>
/// <para>See the split before training.</para>
/// <code>Import-BidsDataset ./data | New-SegSplit ./config.json</code>
/// </example>
/// <example>
/// <para>Write the split to a file, and train with it.</para>
/// <code>
/// $dataset | New-SegSplit $config -Path ./split.json
/// $config.SplitDataset.FnameSplit = './split.json'
/// $dataset | Start-SegTraining $config
/// </code>
/// </example>
/// <example>
/// <para>Write the five splits of a cross-validation to ./splits/cv-fold-1.json … cv-fold-5.json, to train each on another machine.</para>
/// <code>$dataset | New-SegSplit $config -Fold 5 -Path ./splits/cv.json</code>
/// </example>
[Cmdlet(VerbsCommon.New, "SegSplit", SupportsShouldProcess = true)]
[OutputType(typeof(SegSplit))]
public sealed class NewSegSplitCommand : SegCmdlet
{
    private bool _written;

    /// <summary>The configuration: a SegConfig from New-SegConfig or Import-SegConfig, or the path of a JSON or YAML file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [PlainConfig]
    [ValidateNotNull]
    public PSObject Config { get; set; } = null!;

    /// <summary>The images, from Import-BidsDataset. Without it, the datasets that loader_parameters.path_data names.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset? Dataset { get; set; }

    /// <summary>
    /// The file to write, taken as it stands; with -Fold one per fold, with -fold-1, -fold-2 … after its name. Missing folders are created.
    /// Without it nothing is written.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Make the splits of a cross-validation with this many folds, as Start-SegTraining -Fold does.</summary>
    [Parameter]
    [ValidateRange(2, 1000)]
    public int? Fold { get; set; }

    /// <summary>Do not replace an existing file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SegConfig config = ReadConfig(Config);
        BidsDataset dataset = Dataset ?? ImportDataset(config);
        string location = ResolveOutputPath(".");
        if (Fold is { } folds)
        {
            IReadOnlyList<SegSplit> splits = Run((observer, _) => SegEngine.MakeFolds(dataset, config, folds, observer), dataset.Name);
            WriteSplits(splits, number => string.Create(CultureInfo.InvariantCulture, $"-fold-{number}"));
            return;
        }

        WriteSplits([Run((observer, _) => SegEngine.MakeSplit(dataset, config, location, observer), dataset.Name)], _ => "");
    }

    /// <summary>To files where one is named, and to the pipeline.</summary>
    /// <param name="ending">Comes after the name of the file of a split, which are numbered from 1.</param>
    private void WriteSplits(IReadOnlyList<SegSplit> splits, Func<int, string> ending)
    {
        if (Path is not null)
        {
            string path = ResolveOutputPath(Path);
            RequireFirst(path);
            string stem = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", System.IO.Path.GetFileNameWithoutExtension(path));
            for (int i = 0; i < splits.Count; i++)
                Write(splits[i], stem + ending(i + 1) + System.IO.Path.GetExtension(path));
        }

        WriteObject(splits, enumerateCollection: true);
    }

    private void RequireFirst(string path)
    {
        if (_written)
        {
            Throw(new SegException(
                "SplitFileTaken", SegErrorKind.InvalidArgument, $"'{path}' already holds the split of the first dataset of the pipeline.",
                "Give all roots to one Import-BidsDataset, or write each split to its own file.", path));
        }
    }

    private void Write(SegSplit split, string path)
    {
        if (NoClobber && File.Exists(path))
            Throw(new SegException("FileExists", SegErrorKind.Resource, $"'{path}' exists.", "Choose another name, or leave out -NoClobber.", path));
        if (!ShouldProcess(path, "Write split"))
            return;
        Run((_, _) => SegEngine.SaveSplit(split, path), path);
        _written = true;
    }
}
