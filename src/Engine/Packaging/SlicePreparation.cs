using System.Text.Json;
using System.Text.Json.Nodes;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Packaging;

/// <summary>The transforms that a classifier of slices was trained with, as its ONNX file names them (<see cref="OnnxMetadata"/>).</summary>
internal sealed class SlicePreparation
{
    /// <summary>Transforms are all that is read of the file; the rest of a configuration keeps its defaults.</summary>
    private static readonly ComponentCatalog Catalog = new([], [], [], TransformRegistry.Specs, [], []);

    private readonly IReadOnlyList<SegTransform> _transforms;

    private SlicePreparation(IReadOnlyList<SegTransform> transforms) => _transforms = transforms;

    /// <summary>The preparation of a file; null where it names none, and slices are classified as they were read.</summary>
    /// <param name="metadata">Of the ONNX file.</param>
    /// <param name="path">Of the file, for messages.</param>
    /// <exception cref="SegException"><c>OnnxModelInvalid</c>: what the file names are no transforms.</exception>
    public static SlicePreparation? Of(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(OnnxMetadata.Preprocessing, out var text))
            return null;
        try
        {
            var named = new JsonObject();
            foreach (var step in JsonNode.Parse(text)!.AsArray())
                named.Add(step!["name"]!.GetValue<string>(), step["parameters"]?.DeepClone() ?? new JsonObject());
            var config = ConfigReader.Parse(new JsonObject { ["transformation"] = named }.ToJsonString(), path, Catalog, _ => { });
            var pipeline = TransformPipeline.Create(config, DatasetParts.Testing);
            return new SlicePreparation([.. pipeline.AtLoad, .. pipeline.AtAccess]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or NullReferenceException or SegException)
        {
            throw new SegException(
                "OnnxModelInvalid", SegErrorKind.InvalidData, $"'{path}' is not a classifier of slices: its list of transforms cannot be used ({error.Message}).",
                "Copy the model again, or package it with this version.", path, error);
        }
    }

    /// <summary>Prepares one channel of a slice.</summary>
    /// <param name="slice">As it was read.</param>
    /// <param name="sample">Its grid and voxel size.</param>
    public (float[] Values, GridSize Size) Apply(ReadOnlySpan<float> slice, SampleInfo sample)
    {
        var drawn = TransformPipeline.Draw(_transforms, sample with { Channels = 1 }, null);
        var values = new float[drawn.Output.Size.Count];
        drawn.Apply(slice, values, SampleKinds.Image, 0);
        drawn.Release();
        return (values, drawn.Output.Size);
    }
}
