using System.Globalization;
using System.Text;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Phantoms;

/// <summary>
/// Makes up a BIDS dataset of neck-like 3D images with two label classes, spinal cord (<c>_seg-cord</c>) and the cerebrospinal
/// fluid around it (<c>_seg-csf</c>), for trying things out and for tests. The voxels depend on the seed alone: only basic
/// IEEE arithmetic and own random numbers are used, so every platform gives the same.
/// </summary>
public static class Phantom
{
    /// <summary>Target suffixes that every image has.</summary>
    public static IReadOnlyList<string> TargetSuffixes { get; } = ["_seg-cord", "_seg-csf"];

    /// <summary>Writes the dataset. It appears under its name only when it is complete.</summary>
    /// <exception cref="SegException">
    /// <c>FolderNotEmpty</c>: there is something at the path already. <c>PhantomArgument</c>: an unknown contrast, or a number
    /// out of range. <c>CannotWrite</c>, <c>DiskFull</c>: from the operating system.
    /// </exception>
    public static void Create(PhantomRequest request, ISegObserver observer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        PhantomChecks.Check(request);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Path));
        var staging = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            Directory.CreateDirectory(staging);
            WriteTables(staging, request);
            for (var subject = 0; subject < request.Subjects; subject++)
            {
                observer.Progress(new SegProgress(
                    0, "Creating phantoms", IdOf(request, subject), 100 * subject / request.Subjects));
                WriteSubject(staging, request, subject, ct);
            }

            if (Directory.Exists(target))
                Directory.Delete(target);
            FileRetry.MoveFolder(staging, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegException("CannotWrite", SegErrorKind.Resource, $"The phantom dataset '{target}' can't be written: {e.Message}", "Choose a folder you may write to.", target, e);
        }
        finally
        {
            if (Directory.Exists(staging))
                FileRetry.TryDelete(staging); // A leftover must not hide the error that led here.
            observer.Progress(new SegProgress(0, "Creating phantoms", "Done", 100, Completed: true));
        }
    }

    /// <summary>sub-01, sub-02… with as many digits as the last needs, two at least.</summary>
    internal static string IdOf(PhantomRequest request, int subject)
    {
        var digits = Math.Max(2, request.Subjects.ToString(CultureInfo.InvariantCulture).Length);
        return "sub-" + (subject + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static void WriteTables(string root, PhantomRequest request)
    {
        var table = new StringBuilder("participant_id\tage\tsex\tinstitution_id\n");
        for (var i = 0; i < request.Subjects; i++)
        {
            var person = PhantomPerson.Of(request.Seed, i);
            table.Append(CultureInfo.InvariantCulture, $"{IdOf(request, i)}\t{person.Age}\t{person.Sex}\t{person.Institution}\n");
        }

        AtomicFile.WriteAllText(Path.Combine(root, "participants.tsv"), table.ToString());
        AtomicFile.WriteAllText(Path.Combine(root, "participants.json"), PhantomTexts.ParticipantColumns);
        AtomicFile.WriteAllText(Path.Combine(root, "dataset_description.json"), PhantomTexts.Description(request.Seed));
        AtomicFile.WriteAllText(Path.Combine(root, "README"), PhantomTexts.Readme);
        var labels = Path.Combine(root, "derivatives", "labels");
        Directory.CreateDirectory(labels);
        AtomicFile.WriteAllText(Path.Combine(labels, "dataset_description.json"), PhantomTexts.LabelDescription);
    }

    private static void WriteSubject(string root, PhantomRequest request, int subject, CancellationToken ct)
    {
        var id = IdOf(request, subject);
        var images = Directory.CreateDirectory(Path.Combine(root, id, "anat")).FullName;
        var labels = Directory.CreateDirectory(Path.Combine(root, "derivatives", "labels", id, "anat")).FullName;
        var person = PhantomPerson.Of(request.Seed, subject);
        var tissues = TissueMap.Draw(PhantomAnatomy.Of(request.Seed, subject), request.Size);
        for (var i = 0; i < request.Contrasts.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var contrast = PhantomContrast.Find(request.Contrasts[i])!;
            var stem = $"{id}_{contrast.Name}";
            var noise = new RandomStream(request.Seed, subject, 1 + PhantomContrast.IndexOf(contrast));
            NiftiFile.Write(Path.Combine(images, stem + ".nii.gz"), PhantomRenderer.Render(tissues, contrast, noise), NiftiDataType.Int16);
            AtomicFile.WriteAllText(Path.Combine(images, stem + ".json"), PhantomTexts.Sidecar(contrast, person));
            NiftiFile.Write(Path.Combine(labels, stem + TargetSuffixes[0] + ".nii.gz"), tissues.Mask(Tissue.Cord, Tissue.GrayMatter), NiftiDataType.UInt8);
            NiftiFile.Write(Path.Combine(labels, stem + TargetSuffixes[1] + ".nii.gz"), tissues.Mask(Tissue.Csf), NiftiDataType.UInt8);
        }
    }
}
