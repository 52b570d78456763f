namespace MedSeg.Engine.Bids.Checks;

/// <summary>Columns and sidecar keys that name a person. Values themselves are never repeated in a message.</summary>
internal sealed class PersonalDataCheck : IBidsCheck
{
    public static readonly FindingKind PersonalData = new(
        "PersonalData", FindingSeverity.Warning,
        "Remove the values before the dataset leaves its protected place; models do not need them.");

    private static readonly string[] Columns =
    [
        "name", "first_name", "firstname", "last_name", "lastname", "surname", "family_name", "given_name", "patient_name", "patientname",
        "date_of_birth", "dob", "birthdate", "birth_date", "address", "street", "email", "phone", "mrn", "patient_id", "ssn",
        "insurance_number",
    ];

    /// <summary>What a conversion from DICOM writes when it is not told to leave it out.</summary>
    private static readonly string[] Keys =
    [
        "PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "OtherPatientIDs", "OtherPatientNames", "AccessionNumber",
        "PatientTelephoneNumbers",
    ];

    public IReadOnlyList<FindingKind> Kinds { get; } = [PersonalData];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var table = ParticipantRows.Of(root, ct);
        var columns = table.SelectMany(p => p.Columns.Keys).Distinct(StringComparer.Ordinal);
        foreach (var column in columns.Where(c => Columns.Contains(c, StringComparer.OrdinalIgnoreCase)))
        {
            var filled = table.Count(p => IsFilled(p.Columns.GetValueOrDefault(column)));
            if (filled > 0)
            {
                yield return PersonalData.At(
                    Path.Combine(root.Root, ParticipantRows.FileName),
                    $"{ParticipantRows.FileName}, column '{column}': {filled} of {table.Count} rows hold a value that may name a person.");
            }
        }

        foreach (var image in root.Images)
        {
            var keys = string.Join(", ", Keys.Where(key => IsFilled(image.Metadata.GetValueOrDefault(key) as string)));
            if (keys.Length > 0)
            {
                yield return PersonalData.At(
                    image.Path, $"The sidecar of {image.RelativePath} has a value for {keys}, which may name a person.");
            }
        }
    }

    private static bool IsFilled(string? value) => value is { Length: > 0 } && !PlaceholderCheck.IsPlaceholder(value);
}
