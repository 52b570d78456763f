namespace MedSeg.Engine.Packaging.Ensembles;

/// <summary><c>ensemble.json</c>: which packaged models, in folders beside it, predict together.</summary>
internal sealed record EnsembleManifest
{
    public const string FileName = "ensemble.json";

    /// <summary>Version of this layout.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Most members that are read.</summary>
    public const int MostMembers = 10_000;

    public required int Format { get; init; }

    /// <summary>Name of every member's model, and of the folder in which it is packaged.</summary>
    public required string Name { get; init; }

    /// <summary>In the order in which their probabilities are added.</summary>
    public required IReadOnlyList<EnsembleMember> Members { get; init; }
}

/// <summary>One model of an ensemble.</summary>
/// <param name="Folder">Plain name of a folder beside the file; the model is packaged in <c>FOLDER/NAME</c>.</param>
/// <param name="ManifestSha256">Of the model's manifest, which has the hashes of its files; 64 lower-case hexadecimal digits.</param>
internal sealed record EnsembleMember(string Folder, string ManifestSha256);
