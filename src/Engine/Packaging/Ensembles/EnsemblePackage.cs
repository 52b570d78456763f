using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Packaging.Ensembles;

/// <summary>
/// Reads and writes ensembles: a folder with <c>ensemble.json</c> and one folder per member, in which its model is packaged. A folder
/// may come from anywhere: names are checked before they are followed, and members are models, never ensembles.
/// </summary>
public static class EnsemblePackage
{
    /// <summary>The file that tells the folder of a series of trainings from any other.</summary>
    internal const string RunMark = "series.json";

    private const long LargestBytes = 1L << 22;

    /// <summary>True where a path is the folder of an ensemble, damaged or not, or the file that describes one.</summary>
    public static bool Is(string path) =>
        Path.GetFileName(path) == EnsembleManifest.FileName ? File.Exists(path)
        : File.Exists(Path.Combine(path, EnsembleManifest.FileName)) && !ModelPackage.Exists(path);

    /// <summary>Loads an ensemble and all its members.</summary>
    /// <param name="path">Full path of the folder or of the file <c>ensemble.json</c> in it.</param>
    /// <param name="catalog">For reading the configurations.</param>
    /// <param name="warn">Told about oddities in the configurations.</param>
    /// <exception cref="SegException">
    /// <c>ModelNotFound</c>, <c>ModelDamaged</c>, <c>ModelTooNew</c>, <c>EnsembleMismatch</c> or an error of a member's configuration.
    /// </exception>
    public static SegModel Load(string path, ComponentCatalog catalog, Action<string> warn, CancellationToken ct = default)
    {
        string folder = Path.GetFileName(path) == EnsembleManifest.FileName ? Path.GetDirectoryName(Path.GetFullPath(path))! : Path.GetFullPath(path);
        folder = Path.TrimEndingDirectorySeparator(folder);
        string file = Path.Combine(folder, EnsembleManifest.FileName);
        EnsembleManifest manifest = Read(file);
        var members = new List<SegModel>(manifest.Members.Count);
        foreach (EnsembleMember member in manifest.Members)
        {
            ct.ThrowIfCancellationRequested();
            Verify(file, folder, member, manifest.Name);
            members.Add(ModelPackage.Load(Path.Combine(folder, member.Folder, manifest.Name), catalog, warn, ct));
        }

        return EnsembleModel.Of(folder, members);
    }

    /// <summary>Writes <c>ensemble.json</c>; the same models give the same bytes, and a file that says the same already is left alone.</summary>
    /// <param name="folder">Full path of the folder that has the members' folders.</param>
    /// <param name="members">Their folders' plain names with the models packaged in them, in the order of the ensemble.</param>
    /// <exception cref="SegException"><c>EnsembleMismatch</c>, <c>CannotWrite</c>, <c>DiskFull</c>.</exception>
    internal static SegModel Write(string folder, IReadOnlyList<(string Folder, SegModel Model)> members)
    {
        SegModel ensemble = EnsembleModel.Of(folder, [.. members.Select(member => member.Model)]);
        var manifest = new EnsembleManifest
        {
            Format = EnsembleManifest.CurrentFormat,
            Name = ensemble.Name,
            Members = [.. members.Select(member => new EnsembleMember(member.Folder, Sha256.OfFile(Path.Combine(member.Model.Path, ModelManifest.FileName))))],
        };
        string path = Path.Combine(folder, EnsembleManifest.FileName);
        string text = JsonSerializer.Serialize(manifest, ModelManifest.Json) + "\n";
        if (!File.Exists(path) || Sha256.OfFile(path) != Sha256.OfText(text)) AtomicFile.WriteAllText(path, text);
        return ensemble;
    }

    private static EnsembleManifest Read(string path)
    {
        try
        {
            byte[] bytes = BoundedFile.ReadAllBytes(path, LargestBytes);
            using JsonDocument document = JsonDocument.Parse(bytes);
            RequireFormat(path, document.RootElement);
            EnsembleManifest manifest = document.Deserialize<EnsembleManifest>(ModelManifest.Json) ?? throw Damaged(path, "it is empty");
            RequireSound(path, manifest);
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Damaged(path, e.Message, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("ModelNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.", "Give the folder of an ensemble.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegException("CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {e.Message}", "Check the file.", path, e);
        }
    }

    private static void RequireFormat(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement value)
            || value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int format))
        {
            throw Damaged(path, "it has no format number");
        }

        if (format == EnsembleManifest.CurrentFormat) return;
        throw new SegException("ModelTooNew", SegErrorKind.NotSupported,
            string.Create(CultureInfo.InvariantCulture, $"'{path}' has format {format}; this version reads format {EnsembleManifest.CurrentFormat}."),
            "Update MedSeg.", path);
    }

    /// <summary>Names are plain, so that none leads out of the folder, and different even where file names know no case.</summary>
    private static void RequireSound(string path, EnsembleManifest manifest)
    {
        if (!ModelName.IsValid(manifest.Name)) throw Damaged(path, $"'{manifest.Name}' cannot be the name of a model");
        if (manifest.Members.Count == 0) throw Damaged(path, "it names no member");
        if (manifest.Members.Count > EnsembleManifest.MostMembers)
            throw Damaged(path, string.Create(CultureInfo.InvariantCulture, $"it names {manifest.Members.Count} members, more than {EnsembleManifest.MostMembers}"));
        if (manifest.Members.Any(member => member is null)) throw Damaged(path, "a member is empty");
        if (manifest.Members.FirstOrDefault(member => !ModelName.IsValid(member.Folder)) is { } odd)
            throw Damaged(path, $"it names the member '{odd.Folder}' where the name of a folder beside it, without any other, is expected");
        if (manifest.Members.GroupBy(member => member.Folder, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Damaged(path, $"it names the member '{twice.Last().Folder}' twice");
    }

    private static void Verify(string file, string folder, EnsembleMember member, string name)
    {
        string outer = Path.Combine(folder, member.Folder), inner = Path.Combine(outer, name);
        if (!ModelPackage.Exists(inner))
            throw Damaged(file, $"its member '{member.Folder}' is missing: there is no model in '{inner}'");
        if (new DirectoryInfo(outer).LinkTarget is not null || new DirectoryInfo(inner).LinkTarget is not null)
            throw Damaged(file, $"its member '{member.Folder}' is a link");
        if (Sha256.OfFile(Path.Combine(inner, ModelManifest.FileName)) != member.ManifestSha256)
            throw Damaged(file, $"its member '{member.Folder}' is not the model that it was made of (the SHA-256 of the manifest differs)");
    }

    private static SegException Damaged(string path, string reason, Exception? inner = null) => new(
        "ModelDamaged", SegErrorKind.InvalidData, $"The ensemble '{path}' is damaged: {reason.TrimEnd('.')}.",
        "Copy the whole folder again from where it was trained.", path, inner);
}
