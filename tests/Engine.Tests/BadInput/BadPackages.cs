using System.Text;
using System.Text.Json.Nodes;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Tests.BadInput.Fuzzing;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Model folders after mail, cloud drives and helpful hands. Damage of the network itself is in ModelPackageTests.</summary>
internal static class BadPackages
{
    private const string Manifest = "manifest.json";

    public static IEnumerable<BadCase> Cases =>
    [
        Bytes("manifest of zero bytes", Manifest, []),
        Bytes("manifest of zeros", Manifest, new byte[500]),
        Bytes("manifest that is a web page", Manifest, "<html></html>"u8.ToArray()),
        Bytes("manifest in UTF-16", Manifest, Encoding.Unicode.GetBytes("{}")),
        Edit("manifest with its format in words", m => m["format"] = "one", "format"),
        new("manifest of a later format", Manifest, Made(f => Change(f, m => m["format"] = 9)), Load, "ModelTooNew", "format 9"),
        Edit("manifest without classes", m => m.Remove("classes"), "classes"),
        Edit("manifest with a class that is null", m => m["classes"] = new JsonArray((JsonNode?)null), "classes"),
        Edit("manifest with a threshold of two", m => m["threshold"] = 2, "threshold"),
        Edit("manifest with an empty root", m => m["dataset_roots"] = new JsonArray(""), "dataset_roots"),
        Edit("manifest with a participant that is null", m => m["split"]!["test"] = new JsonArray((JsonNode?)null), "split"),
        Edit("manifest without a training list", m => m["split"]!.AsObject().Remove("training"), "training"),
        Edit("manifest with a time beyond any", m => m["training"]!["wall_seconds"] = 1e300, "wall_seconds"),
        Edit("manifest with a time before the start", m => m["training"]!["wall_seconds"] = -1, "wall_seconds"),
        Edit("manifest with an epoch that is null", m => m["training"]!["history"] = new JsonArray((JsonNode?)null), "history"),
        Edit("manifest with a date in words", m => m["training"]!["finished"] = "yesterday", "finished"),
        Edit("manifest that names the network otherwise", m => m["files"]!["onnx"]!["name"] = "other.onnx", "other.onnx"),
        Edit("manifest that names a device of Windows", m => m["name"] = "con", "con"),
        Bytes("network shortened by a cloud drive", "made.onnx", [], "0 bytes"),
        Bytes("network replaced by a pointer", "made.onnx", "version 12"u8.ToArray(), "SHA-256"),
        Bytes("configuration with line ends of Windows", "made.json", "{}\r\n"u8.ToArray(), "bytes"),
        Bytes("weights replaced by a shortcut", "made.safetensors", "short cut"u8.ToArray(), "bytes"),
        new("model folder without its network", "made.onnx", Made(f => File.Delete(f.PathOf("model/made.onnx"))), Load, "ModelDamaged", "missing"),
        new("model folder without its manifest", "model", Made(f => File.Delete(f.PathOf("model/manifest.json"))), Load, "ModelNotFound", Manifest),
        new("model whose configuration has another number of classes", "made.json", f => Make(f, new() { Configure = c => c.LoaderParameters.TargetSuffix = ["_a", "_b"] }), Load, "ModelDamaged", "target_suffix"),
        new("model whose suffix climbs out of the folder", "made.json", f => Make(f, new() { Configure = c => c.LoaderParameters.TargetSuffix = ["_../../x"] }), Load, "ModelDamaged", "target_suffix"),
        new("network that is a web page with the right hash", "made.onnx", f => Make(f, new() { Onnx = "<html></html>"u8.ToArray() }), Open, "OnnxModelInvalid", "made.onnx"),
        new("network of zero bytes with the right hash", "made.onnx", f => Make(f, new() { Onnx = [] }), Open, "OnnxModelInvalid", "made.onnx"),
    ];

    private static BadCase Bytes(string name, string file, byte[] bytes, string says = "") =>
        new(name, file, Made(f => f.Bytes("model/" + file, bytes)), Load, "ModelDamaged", says);

    private static BadCase Edit(string name, Action<JsonObject> change, string says) =>
        new(name, Manifest, Made(f => Change(f, change)), Load, "ModelDamaged", says);

    private static Action<BadFolder> Made(Action<BadFolder> spoil) => folder =>
    {
        Make(folder, new());
        spoil(folder);
    };

    private static void Make(BadFolder folder, PackageBuilder package) => package.WriteTo(folder.PathOf("model"));

    private static void Change(BadFolder folder, Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(folder.PathOf("model/manifest.json")))!.AsObject();
        change(manifest);
        folder.Text("model/manifest.json", manifest.ToJsonString());
    }

    private static IEnumerable<Complaint> Load(BadFolder folder) =>
        BadFolder.Try(() => ModelPackage.Load(folder.PathOf("model"), SegEngine.Catalog, _ => { }));

    private static IEnumerable<Complaint> Open(BadFolder folder) => BadFolder.Try(() =>
    {
        var model = ModelPackage.Load(folder.PathOf("model"), SegEngine.Catalog, _ => { });
        new OnnxSession(ModelPackage.OnnxPath(model)).Dispose();
    });
}
