using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Steps;

/// <summary>A network at the size that docs/benchmarks.md reports, or at a small one that checks the benchmark itself.</summary>
/// <param name="Name">For <c>--filter</c>.</param>
/// <param name="Text">What it is, for people.</param>
/// <param name="Contrasts">Channels, or for FiLM its categories.</param>
/// <param name="Size">H and W of a slice, or H, W and D of a volume.</param>
/// <param name="BatchSize">Samples of a step.</param>
/// <param name="Batches">Steps of an epoch.</param>
/// <param name="Network">Sets the network.</param>
internal sealed record NetworkCase(
    string Name, string Text, string[] Contrasts, int[] Size, int BatchSize, int Batches, Action<SegConfig> Network)
{
    private static readonly string[] One = ["T2w"], Two = ["T1w", "T2w"];

    /// <summary>What issue and documentation speak of.</summary>
    public static IReadOnlyList<NetworkCase> Full { get; } = Make(size: 128, batch: 18, side: 48, volumes: 2, filters: 64, filters3D: 16, batches: 5);

    /// <summary>The same in small, to see in seconds that all works.</summary>
    public static IReadOnlyList<NetworkCase> Quick { get; } = Make(size: 32, batch: 4, side: 32, volumes: 1, filters: 4, filters3D: 4, batches: 4);

    public bool IsVolume => Size.Length == 3;

    /// <summary>FiLM has one channel, whatever the contrast.</summary>
    public int Channels => Name == "film" ? 1 : Contrasts.Length;

    /// <summary>(N,C,H,W) or (N,C,H,W,D)</summary>
    public long[] InputShape => [BatchSize, Channels, .. Size.Select(side => (long)side)];

    /// <summary>Numbers per sample that FiLM sees.</summary>
    public int Metadata => Name == "film" ? Contrasts.Length : 0;

    /// <summary>The network as training makes it.</summary>
    public SegNetwork Create()
    {
        var config = new SegConfig();
        Configure(config);
        return NetworkRegistry.Build(config, new NetworkShape(Channels, 1, Metadata), seed: 1);
    }

    /// <summary>Network and contrasts.</summary>
    public void Configure(SegConfig config)
    {
        Network(config);
        config.TrainingParameters.BatchSize = BatchSize;
        config.LoaderParameters.ContrastParams.TrainingValidation = Contrasts;
        config.LoaderParameters.ContrastParams.Testing = Contrasts;
        config.LoaderParameters.Multichannel = Channels > 1;
    }

    /// <summary>Random numbers in place of images and labels; the caller's dispose scope owns them.</summary>
    public (NetworkInputs Inputs, Tensor Target) RandomBatch()
    {
        Tensor? metadata = Metadata == 0 ? null : nn.functional.one_hot(arange(BatchSize) % Metadata, Metadata).to(float32);
        Tensor? available = Name == "hemis" ? ones(BatchSize, Channels) : null;
        return (new NetworkInputs(randn(InputShape), metadata, available), randn([BatchSize, 1, .. InputShape[2..]]).gt(1).to(float32));
    }

    private static NetworkCase[] Make(int size, int batch, int side, int volumes, int filters, int filters3D, int batches) =>
    [
        Unet("unet3", 3, filters, size, batch, batches),
        Unet("unet4", 4, filters, size, batch, batches),
        new("modified3d", $"Modified3DUNet, {filters3D} filters, {side}³, batch {volumes}", One, [side, side, side], volumes, 2 * batches, c =>
        {
            c.DefaultModel.Is2D = false;
            (c.Modified3DUnet.Applied, c.Modified3DUnet.NFilters) = (true, filters3D);
            c.Modified3DUnet.Length3D = c.Modified3DUnet.Stride3D = [side, side, side];
        }),
        new("film", $"FiLMedUnet depth 3, {filters} filters, all layers, 2 contrasts, {size}×{size}, batch {batch}", Two, [size, size], batch, 2 * (batches / 2), c =>
        {
            (c.DefaultModel.Depth, c.DefaultModel.NFilters) = (3, filters);
            (c.FilmedUnet.Applied, c.FilmedUnet.FilmLayers) = (true, [1, 1, 1, 1, 1, 1, 1, 1]);
        }),
        new("hemis", $"HeMISUnet depth 3, {filters / 2} filters, 2 contrasts, {size}×{size}, batch {batch}", Two, [size, size], batch, batches, c =>
        {
            (c.DefaultModel.Depth, c.DefaultModel.NFilters) = (3, filters / 2);
            (c.HemisUnet.Applied, c.HemisUnet.MissingProbability) = (true, 0);
        }),
    ];

    private static NetworkCase Unet(string name, int depth, int filters, int size, int batch, int batches) => new(
        name, $"Unet depth {depth}, {filters} filters, {size}×{size}, batch {batch}", One, [size, size], batch, batches,
        c => (c.DefaultModel.Depth, c.DefaultModel.NFilters) = (depth, filters));
}
