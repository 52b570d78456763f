using System.Globalization;

namespace MedSeg.Engine.Phantoms;

/// <summary>The small text files of a phantom dataset.</summary>
internal static class PhantomTexts
{
    public const string ParticipantColumns = """
        {
          "age": { "Description": "Age of the made-up participant", "Units": "year" },
          "sex": { "Description": "Sex of the made-up participant", "Levels": { "F": "female", "M": "male" } },
          "institution_id": { "Description": "Made-up institution" }
        }

        """;

    public const string Readme =
        "Computer-generated images of necks with labels of the spinal cord and the fluid around it.\n"
        + "They resemble MRI and show nobody; use them for trying software out.\n";

    public const string LabelDescription = """
        {
          "Name": "Phantom labels",
          "BIDSVersion": "1.9.0",
          "DatasetType": "derivative",
          "GeneratedBy": [ { "Name": "New-BidsPhantom", "Description": "Exact labels of the generated shapes" } ]
        }

        """;

    public static string Description(int seed) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "Name": "Phantom",
          "BIDSVersion": "1.9.0",
          "DatasetType": "raw",
          "License": "CC0",
          "GeneratedBy": [ { "Name": "New-BidsPhantom", "Description": "Computer-generated images, seed {{seed}}" } ]
        }

        """);

    public static string Sidecar(PhantomContrast contrast, PhantomPerson person) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "Modality": "MR",
          "MagneticFieldStrength": 3,
          "Manufacturer": "Phantom",
          "InstitutionName": "{{person.Institution}}",
          "EchoTime": {{contrast.EchoTime}},
          "RepetitionTime": {{contrast.RepetitionTime}},
          "FlipAngle": {{contrast.FlipAngle}}
        }

        """);
}
