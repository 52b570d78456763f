namespace MedSeg.Engine.Configuration;

/// <summary>Values of earlier versions of the format in today's form.</summary>
internal static class LegacyValues
{
    public static LegacyValue AsList(ConfigNode node, LegacyContext context) =>
        new(node is ConfigList ? node : new ConfigList(node.At, [node]));

    public static LegacyValue FilmMetadata(ConfigNode node, LegacyContext context) => node is ConfigScalar { Value: "contrast" }
        ? new(new ConfigScalar(node.At, "contrasts"), Note: "FiLMedUnet.metadata: 'contrast' is now 'contrasts'.")
        : LegacyValue.Keep;

    public static LegacyValue NetworkName(ConfigNode node, LegacyContext context) => node is ConfigScalar { Value: "UNet3D" }
        ? new(new ConfigScalar(node.At, "Modified3DUNet"), Note: "default_model.name: 'UNet3D' is now 'Modified3DUNet'.")
        : LegacyValue.Keep;

    public static LegacyValue Command(ConfigNode node, LegacyContext context) => node is ConfigScalar { Value: "eval" }
        ? new(new ConfigScalar(node.At, "test"), Note: "command: 'eval' is now part of 'test'.")
        : LegacyValue.Keep;

    /// <summary>per_patient is today's default; per_center keeps whole centres for testing.</summary>
    public static LegacyValue SplitMethod(ConfigNode node, LegacyContext context) => (node as ConfigScalar)?.Value switch
    {
        "per_patient" => new(null, Note: "split_dataset.method: 'per_patient' is now split_method 'participant_id', the default."),
        "per_center" => new(
            new ConfigScalar(node.At, "institution_id"),
            Note: "split_dataset.method: 'per_center' is now data_testing.data_type 'institution_id'."),
        _ => LegacyValue.Keep,
    };

    /// <summary>Test centres count only when the split is by centre; an empty list never overwrites data_value.</summary>
    public static LegacyValue CenterTest(ConfigNode node, LegacyContext context)
    {
        bool empty = node is ConfigList { Items.Count: 0 } or ConfigScalar { Value: null };
        bool byCentre = (ConfigPaths.Find(context.Root, "split_dataset.data_testing.data_type")?.Value as ConfigScalar)?.Value is "institution_id";
        return (empty, byCentre) switch
        {
            (true, _) => new(null, Note: "split_dataset.center_test: empty, and now split_dataset.data_testing.data_value."),
            (_, false) => new(null, Note: "split_dataset.center_test: dropped, because the split is not by centre."),
            _ => new(node),
        };
    }

    public static LegacyValue OnlyBoolean(ConfigNode node, LegacyContext context) =>
        node is ConfigScalar { Value: bool } ? new(node) : LegacyValue.Keep;

    public static LegacyValue Relu(ConfigNode node, LegacyContext context) => (node as ConfigScalar)?.Value switch
    {
        true => new(new ConfigScalar(node.At, "relu"), Note: "default_model.relu: true is now final_activation 'relu'."),
        false => new(null, Note: "default_model.relu: false is dropped; final_activation says what is used."),
        _ => LegacyValue.Keep,
    };

    /// <summary>A truth value meant 0.5 or no threshold at all.</summary>
    public static LegacyValue Threshold(ConfigNode node, LegacyContext context) => (node as ConfigScalar)?.Value switch
    {
        bool on => new(new ConfigScalar(node.At, on ? 0.5 : -1.0)),
        _ => new(node),
    };

    /// <summary>A step that was a number or a truth value instead of an object.</summary>
    public static LegacyValue PlainThreshold(ConfigNode node, LegacyContext context) =>
        node is ConfigScalar { Value: bool or long or double } ? Threshold(node, context) : LegacyValue.Keep;
}
