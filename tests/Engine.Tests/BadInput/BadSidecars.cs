using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Imaging;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Pixel sizes in the JSON file beside a picture.</summary>
internal static class BadSidecars
{
    public static IEnumerable<BadCase> Cases =>
    [
        Case("sidecar without units", """{"PixelSize": [1, 1]}""", "PixelSizeMissing", "PixelSizeUnits"),
        Case("sidecar with the key in lower case", """{"pixelSize": [1, 1], "PixelSizeUnits": "um"}""", "PixelSizeMissing", "PixelSize"),
        Case("sidecar with null", """{"PixelSize": null, "PixelSizeUnits": "um"}""", "PixelSizeMissing", "PixelSize"),
        Case("sidecar with decimal commas", """{"PixelSize": ["0,1", "0,1"], "PixelSizeUnits": "um"}""", "PixelSizeInvalid", "PixelSize"),
        Case("sidecar with three and a thickness below 0", """{"PixelSize": [1, 1, -2], "PixelSizeUnits": "um"}""", "PixelSizeInvalid", "PixelSize"),
        Case("sidecar with a number beyond any", """{"PixelSize": [1e400, 1], "PixelSizeUnits": "um"}""", "PixelSizeInvalid", "PixelSize"),
        Case("sidecar with lists in the list", """{"PixelSize": [[1, 1]], "PixelSizeUnits": "um"}""", "PixelSizeInvalid", "PixelSize"),
        Case("sidecar with an object", """{"PixelSize": {"x": 1, "y": 1}, "PixelSizeUnits": "um"}""", "PixelSizeInvalid", "PixelSize"),
        Case("sidecar with inches", """{"PixelSize": [1, 1], "PixelSizeUnits": "inch"}""", "PixelSizeInvalid", "'inch'"),
        Case("sidecar with a doubly encoded µ", """{"PixelSize": [1, 1], "PixelSizeUnits": "Âµm"}""", "PixelSizeInvalid", "PixelSizeUnits"),
        Case("sidecar with a list of units", """{"PixelSize": [1, 1], "PixelSizeUnits": ["um", "um"]}""", "PixelSizeInvalid", "PixelSizeUnits"),
        Case("sidecar that is a web page", "<html></html>", "PixelSizeInvalid", "em.json"),
        Case("sidecar of zero bytes", "", "PixelSizeInvalid", "em.json"),
        Case("sidecar cut short", """{"PixelSize": [1, """, "PixelSizeInvalid", "em.json"),
        Case("sidecar with single quotes", "{'PixelSize': [1, 1]}", "PixelSizeInvalid", "em.json"),
        Case("sidecar of zeros", new string('\0', 200), "PixelSizeInvalid", "em.json"),
    ];

    private static BadCase Case(string name, string text, string id, string says) => new(
        name, "em.png", folder => folder.Bytes("em.png", new PngBuilder().File()).Text("em.json", text),
        folder => BadFolder.Try(() => ImageFile.ReadInfo(folder.PathOf("em.png"))), id, says);
}
