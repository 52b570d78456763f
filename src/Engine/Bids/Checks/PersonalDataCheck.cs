namespace MedSeg.Engine.Bids.Checks;

/// <summary>Columns and sidecar keys that name a person. Values themselves are never repeated in a message.</summary>
internal sealed class PersonalDataCheck : IBidsCheck
{
    public static readonly FindingKind PersonalData = new(
        "PersonalData", FindingSeverity.Warning, "Remove the values before the dataset leaves its protected place; models do not need them.");

    private static readonly string[] Columns =
    [
        "name", "first_name", "firstname", "last_name", "lastname", "surname", "family_name", "given_name", "patient_name", "patientname", "date_of_birth",
        "dob", "birthdate", "birth_date", "address", "street", "email", "phone", "mrn", "patient_id", "ssn", "insurance_number",
    ];

    /// <summary>What a conversion from DICOM writes when it is not told to leave it out.</summary>
    private static readonly string[] Keys =
        ["PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "OtherPatientIDs", "OtherPatientNames", "AccessionNumber", "PatientTelephoneNumbers"];

    public IReadOnlyList<FindingKind> Kinds { get; } = [PersonalData];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var table = ParticipantRows.Of(root, ct);
        foreach (var column in table.SelectMany(p => p.Columns.Keys).Distinct(StringComparer.Ordinal).Where(c => Columns.Contains(c.ToLowerInvariant())))
        {
            var filled = table.Count(p => p.Columns.GetValueOrDefault(column) is { } value && !PlaceholderCheck.IsPlaceholder(value));
            if (filled > 0)
            {
                yield return PersonalData.At(
                    Path.Combine(root.Root, ParticipantRows.FileName),
                    $"{ParticipantRows.FileName}, column '{column}': {filled} of {table.Count} rows hold a value that may name a person.");
            }
        }

        foreach (var image in root.Images)
        {
            var keys = Keys.Where(key => image.Metadata.GetValueOrDefault(key) is string { Length: > 0 } value && !PlaceholderCheck.IsPlaceholder(value)).ToList();
            if (keys.Count > 0)
                yield return PersonalData.At(image.Path, $"The sidecar of {image.RelativePath} has a value for {string.Join(", ", keys)}, which may name a person.");
        }
    }
}
