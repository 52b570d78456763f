using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Creates a BIDS dataset of computer-generated images with labels, for trying things out.</summary>
/// <remarks>
/// Each subject is a neck of its own shape: a body with a layer of fat, vertebrae with discs, an airway, and a curved spinal
/// cord in its fluid. Every contrast shows the same anatomy with other brightness, a smooth receiver field and noise. Labels
/// are _seg-cord and _seg-csf. The field of view is 64×64×48 mm whatever the size in voxels. The dataset has participants.tsv
/// with age, sex and institution, JSON sidecars and descriptions. The same seed gives the same voxels on every computer.
/// The folder must not exist or be empty; nothing is overwritten, and it appears only when it is complete.
/// </remarks>
/// <example>
/// <para>Create a dataset of six subjects with T1w and T2w images.</para>
/// <code>New-BidsPhantom ./phantom</code>
/// </example>
/// <example>
/// <para>Create a larger one in finer voxels and train on it.</para>
/// <code>New-BidsPhantom ./phantom -Subjects 20 -Contrast T2w, T2star -Seed 7 -Size 96, 96, 24 | Start-SegTraining -Config ./config.json</code>
/// </example>
[Cmdlet(VerbsCommon.New, "BidsPhantom", SupportsShouldProcess = true)]
[OutputType(typeof(BidsDataset))]
public sealed class NewBidsPhantomCommand : SegCmdlet
{
    /// <summary>Folder to create; wildcard characters are taken as they stand.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Number of subjects.</summary>
    [Parameter]
    [ValidateRange(1, 9999)]
    public int Subjects { get; set; } = 6;

    /// <summary>Contrasts of each subject.</summary>
    [Parameter]
    [ValidateSet("T1w", "T2w", "T2star", "PDw", IgnoreCase = false)]
    public string[] Contrast { get; set; } = ["T1w", "T2w"];

    /// <summary>Same seed, same images.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>Voxels from right to left, from back to front and from bottom to top.</summary>
    [Parameter]
    [ValidateCount(3, 3)]
    [ValidateRange(1, 512)]
    public int[] Size { get; set; } = [64, 64, 16];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string path = ResolveOutputPath(Path);
        if (!ShouldProcess(path, "Create a phantom dataset"))
            return;
        var request = new PhantomRequest(path, Subjects, Contrast, Seed, Size);
        var import = new DatasetRequest([path], [], [], []);
        WriteObject(Run(
            (observer, token) =>
            {
                SegEngine.CreatePhantom(request, observer, token);
                return SegEngine.ImportDataset(import, observer, token);
            },
            path));
    }
}
