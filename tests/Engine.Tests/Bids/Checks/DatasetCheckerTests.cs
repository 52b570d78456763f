using System.Collections.Concurrent;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Bids.Checks;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

/// <summary>How datasets are gone through: order, several roots, reading only, stopping.</summary>
public sealed class DatasetCheckerTests : IDisposable
{
    private readonly PhantomTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_order_of_findings_does_not_depend_on_the_number_of_workers(int workers)
    {
        Damage();
        var findings = Run(workers);
        Assert.Equal(Run(2), findings);
        Assert.Equal(
            [
                "NameCase Sub-04",
                "LabelLacking sub-01_T1w.nii.gz", "MaskValues sub-01_T2w_seg-cord.nii.gz",
                "MaskValues sub-02_T2w_seg-cord.nii.gz", "ConstantImage sub-02_T2w.nii.gz",
                "OrphanSidecar sub-03_T2star.json", "LabelsEqual sub-03_T2w_seg-cord.nii.gz",
                "DuplicateImage sub-01_T1w.nii.gz",
            ],
            findings.Select(f => $"{f.Id} {Path.GetFileName(f.Path)}"));

        List<BidsFinding> Run(int count) => [.. DatasetChecker.Run(Request(true, FindingSeverity.Warning), SilentObserver.Instance, count, CancellationToken.None)];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_written_renamed_or_touched(bool deep)
    {
        Damage();
        var before = Snapshot();
        Assert.NotEmpty(_tree.Check(deep));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_bad_root_is_one_error_and_the_others_are_checked()
    {
        _tree.Text("sub-01/anat/sub-01_T2star.json", "{}");
        var observer = new Recorder();
        var file = _tree.PathOf("participants.tsv");
        var request = Request(false) with { Paths = [_tree.PathOf("nowhere"), file, _tree.Root] };
        var findings = DatasetChecker.Run(request, observer, CancellationToken.None).ToList();
        Assert.Equal(["DatasetNotFound", "DatasetNotFound"], observer.Errors.Select(e => e.ErrorId));
        Assert.Equal([_tree.PathOf("nowhere"), file], observer.Errors.Select(e => e.TargetItem));
        Assert.Equal("OrphanSidecar", Assert.Single(findings).Id);
    }

    [Fact]
    public void Datasets_of_one_call_are_compared()
    {
        using var other = new PhantomTree("other");
        other.Bytes("sub-02/anat/sub-02_T1w.nii.gz", _tree.Read(PhantomTree.Image)).Voxels("sub-01/anat/sub-01_T1w.nii.gz", v => v + 1);
        var findings = PhantomTree.Check([_tree.Root, other.Root], deep: true);
        Assert.Equal(["sub-01", "sub-02", "sub-03"], findings.Where(f => f.Id == "SubjectInSeveralRoots").Select(f => f.Message.Split(' ')[0]));
        var copy = Assert.Single(findings, f => f.Id == "DuplicateImage");
        Assert.Equal(_tree.PathOf(PhantomTree.Image), copy.Path);
        Assert.Contains(other.PathOf("sub-02/anat/sub-02_T1w.nii.gz"), copy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_imported_dataset_is_checked_as_it_was_imported()
    {
        _tree.Voxels(PhantomTree.Image, _ => 0).Voxels("sub-01/anat/sub-01_T2w.nii.gz", _ => 0).Copy(PhantomTree.Image, "stray.nii.gz");
        var dataset = BidsScanner.Scan(new DatasetRequest([_tree.Root], ["T2w"], [], []), SilentObserver.Instance, CancellationToken.None);
        var request = new DatasetCheckRequest([], [dataset], true, FindingSeverity.Warning);
        var findings = DatasetChecker.Run(request, SilentObserver.Instance, CancellationToken.None);
        Assert.Equal(
            ["MisplacedImage stray.nii.gz", "ConstantImage sub-01_T2w.nii.gz"], findings.Select(f => $"{f.Id} {Path.GetFileName(f.Path)}"));
    }

    /// <summary>Given as a path with its patterns, or imported by them: the same files are opened, and those that belong to no image are seen.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_of_other_names_are_checked_by_their_patterns(bool imported)
    {
        const string Scan = "scans/patient9/x_T1w.nii.gz";
        _tree.Copy(PhantomTree.Image, Scan).Voxels(Scan, _ => 0).Text("scans/patient9/y_T2w.nrrd", "NRRD");
        var names = _tree.Text("names.json", """
            {"entities": [{"name": "subject", "pattern": "/patient([0-9]+)/"}, {"name": "suffix", "pattern": "_([A-Za-z0-9]+)\\.[^/]+$"}]}
            """).PathOf("names.json");
        var request = imported
            ? new DatasetCheckRequest([], [BidsScanner.Scan(new DatasetRequest([_tree.Root], [], [], []) { BidsConfig = names }, SilentObserver.Instance, CancellationToken.None)], true, FindingSeverity.Warning)
            : new DatasetCheckRequest([_tree.Root], [], true, FindingSeverity.Warning) { BidsConfig = names };
        var ids = DatasetChecker.Run(request, SilentObserver.Instance, CancellationToken.None).Select(f => f.Id).ToList();
        Assert.Contains("ConstantImage", ids);
        Assert.Contains("UnreadFormat", ids);
    }

    /// <summary>The import names the images that have none of the labels asked for; that is said once.</summary>
    [Fact]
    public void An_image_without_the_labels_asked_for_is_one_finding()
    {
        _tree.Delete(PhantomTree.Label);
        var dataset = BidsScanner.Scan(new DatasetRequest([_tree.Root], [], ["_seg-cord"], []), SilentObserver.Instance, CancellationToken.None);
        var findings = DatasetChecker.Run(new DatasetCheckRequest([], [dataset], false, FindingSeverity.Information), SilentObserver.Instance, CancellationToken.None);
        Assert.Equal("MissingLabel", Assert.Single(findings).Id);
    }

    /// <summary>What a header does not show: the message begins with the error that reading gives.</summary>
    [Theory]
    [InlineData("checksum", "NiftiGzipDamaged")]
    [InlineData("cut short", "NiftiTruncated")]
    [InlineData("bytes after the stream", "NiftiTrailingData")]
    [InlineData("bytes after the voxels", "NiftiTrailingData")]
    [InlineData("voxels missing", "NiftiTruncated")]
    public void Damaged_content_is_named(string damage, string error)
    {
        var file = _tree.Read(PhantomTree.Image);
        if (damage == "checksum")
            file[^8] ^= 1;
        _ = damage switch
        {
            "checksum" => _tree.Bytes(PhantomTree.Image, file),
            "cut short" => _tree.Bytes(PhantomTree.Image, file[..^40]),
            "bytes after the stream" => _tree.Bytes(PhantomTree.Image, [.. file, 1, 2, 3]),
            "bytes after the voxels" => _tree.Content(PhantomTree.Image, bytes => [.. bytes, 1, 2, 3]),
            _ => _tree.Content(PhantomTree.Image, bytes => bytes[..^10]),
        };
        var finding = Assert.Single(_tree.Check(deep: true));
        Assert.Equal(("VoxelsUnreadable", FindingSeverity.Error, _tree.PathOf(PhantomTree.Image)), (finding.Id, finding.Severity, finding.Path));
        Assert.StartsWith(error + ": ", finding.Message, StringComparison.Ordinal);
        Assert.Equal(damage is "checksum" ? [] : ["GzipLength"], _tree.Check().Select(f => f.Id));
    }

    [Fact]
    public void A_root_given_twice_is_checked_once()
    {
        _tree.Text("sub-01/anat/sub-01_T2star.json", "{}");
        var request = Request(false) with { Paths = [_tree.Root, _tree.Root + Path.DirectorySeparatorChar], Datasets = [_tree.Scan()] };
        Assert.Single(DatasetChecker.Run(request, SilentObserver.Instance, CancellationToken.None));
    }

    /// <summary>A label that lies on another grid than its image is left out by the import and opened by the checks all the same.</summary>
    [Fact]
    public void Left_out_files_are_opened_too()
    {
        _tree.Move(PhantomTree.Label, "derivatives/labels/sub-02/anat/sub-01_T1w_seg-cord.nii.gz");
        _tree.Bytes("derivatives/labels/sub-02/anat/sub-02_T2star_seg-cord.nii.gz", [1, 2, 3])
            .Bytes("derivatives/labels/sub-02/anat/sub-02_PDw_seg-cord.nii.gz", []);
        var findings = _tree.Check(minimum: FindingSeverity.Warning);
        Assert.Equal(
            [
                "LabelLacking sub-01_T1w.nii.gz", "MisfiledLabel sub-01_T1w_seg-cord.nii.gz",
                "OrphanLabel sub-02_PDw_seg-cord.nii.gz", "OrphanLabel sub-02_T2star_seg-cord.nii.gz",
                "EmptyFile sub-02_PDw_seg-cord.nii.gz", "ImageUnreadable sub-02_T2star_seg-cord.nii.gz",
            ],
            findings.Select(f => $"{f.Id} {Path.GetFileName(f.Path)}"));
    }

    /// <summary>What is said of every image is said once.</summary>
    [Fact]
    public void A_dataset_without_sidecars_is_one_finding()
    {
        foreach (var path in Directory.GetFiles(_tree.Root, "sub-*_T?w.json", SearchOption.AllDirectories))
            File.Delete(path);
        var finding = Assert.Single(_tree.Check());
        Assert.Equal(("MissingSidecar", _tree.Root), (finding.Id, finding.Path));
        Assert.Equal("None of the 6 images has a JSON sidecar.", finding.Message);
    }

    /// <summary>Sidecars further up, of recordings, and of tables belong to something.</summary>
    [Fact]
    public void Inherited_sidecars_and_those_of_other_data_are_no_orphans()
    {
        _tree.Text("sub-01/sub-01_T1w.json", "{}").Text("sub-01/anat/sub-01_scans.json", "{}")
            .Text("sub-01/eeg/sub-01_task-rest_eeg.edf", "x").Text("sub-01/eeg/sub-01_task-rest_eeg.json", "{}").Text("sub-01/sub-01_eeg.json", "{}");
        Assert.Empty(_tree.Check());
    }

    /// <summary>Opening a named pipe would wait for a writer for ever.</summary>
    [UnixFact]
    public void A_named_pipe_is_not_opened()
    {
        using (var maker = System.Diagnostics.Process.Start("mkfifo", _tree.PathOf("stray.nii.gz")))
            maker.WaitForExit();
        Assert.Equal(["EmptyFile", "MisplacedImage"], _tree.Check(deep: true).Select(f => f.Id).Order(StringComparer.Ordinal));
    }

    /// <summary>Bytes of header and stream changed at random: a finding or none, never an exception, and the other files are checked.</summary>
    [Fact]
    public void Damaged_files_never_end_the_check()
    {
        var random = new Random(1);
        var content = _tree.Uncompressed(PhantomTree.Image);
        for (var i = 0; i < 60; i++)
        {
            var bytes = (byte[])content.Clone();
            for (var change = 0; change < 3; change++)
                bytes[random.Next(352)] = (byte)random.Next(256);
            _tree.Content(PhantomTree.Image, _ => bytes).Bytes($"derivatives/labels/sub-0{1 + (i % 3)}/anat/sub-09_T1w_seg-{i}.nii", bytes);
            var packed = _tree.Read(PhantomTree.Image);
            packed[random.Next(packed.Length)] ^= (byte)(1 + random.Next(255));
            _tree.Bytes($"derivatives/labels/sub-0{1 + (i % 3)}/anat/sub-09_T2w_seg-{i}.nii.gz", packed);
        }

        _tree.Text("sub-03/anat/sub-03_T2star.json", "{}");
        var findings = _tree.Check(deep: true);
        Assert.Contains(findings, f => f.Id == "OrphanSidecar");
        Assert.Contains(findings, f => f.Id == "VoxelsUnreadable");
        Assert.DoesNotContain(findings, f => f.Message.Contains("can't be checked", StringComparison.Ordinal));
    }

    [Fact]
    public void Cancelling_ends_the_check_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var observer = new Recorder { OnProgress = p => { if (p.Activity == "Checking dataset") cancel.Cancel(); } };
        var findings = DatasetChecker.Run(Request(true), observer, cancel.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => findings.Count());
        Assert.InRange(observer.Progresses.Count(p => p.Activity == "Checking dataset"), 1, 2);
    }

    [Fact]
    public void Progress_begins_and_ends()
    {
        var observer = new Recorder();
        Assert.Empty(DatasetChecker.Run(Request(false), observer, CancellationToken.None));
        var progress = observer.Progresses.Where(p => p.Activity == "Checking dataset").ToList();
        Assert.Contains("1 of 18 files", progress[0].Status, StringComparison.Ordinal);
        Assert.True(progress[^1].Completed);
        Assert.All(progress, p => Assert.InRange(p.Percent, 0, 100));
    }

    private void Damage()
    {
        Directory.CreateDirectory(_tree.PathOf("Sub-04"));
        _tree.Delete(PhantomTree.Label)
            .Voxels("derivatives/labels/sub-01/anat/sub-01_T2w_seg-cord.nii.gz", v => 2 * v)
            .Voxels("derivatives/labels/sub-02/anat/sub-02_T2w_seg-cord.nii.gz", v => 2 * v)
            .Voxels("sub-02/anat/sub-02_T2w.nii.gz", _ => 1)
            .Copy(PhantomTree.Image, "sub-02/anat/sub-02_T1w.nii.gz")
            .Copy("derivatives/labels/sub-03/anat/sub-03_T2w_seg-cord.nii.gz", "derivatives/labels/sub-03/anat/sub-03_T2w_seg-csf.nii.gz")
            .Text("sub-03/anat/sub-03_T2star.json", "{}");
    }

    private DatasetCheckRequest Request(bool deep, FindingSeverity minimum = FindingSeverity.Information) => new([_tree.Root], [], deep, minimum);

    private List<string> Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(_tree.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            $"{path} {File.GetLastWriteTimeUtc(path):O} {File.GetAttributes(path)} {(File.Exists(path) ? Sha256.OfFile(path) : "")}"),
    ];

    private sealed class Recorder : ISegObserver
    {
        public ConcurrentQueue<SegProgress> Progresses { get; } = [];

        public ConcurrentQueue<SegException> Errors { get; } = [];

        public Action<SegProgress>? OnProgress { get; init; }

        public void Progress(SegProgress progress)
        {
            Progresses.Enqueue(progress);
            OnProgress?.Invoke(progress);
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Error(SegException error) => Errors.Enqueue(error);
    }
}
