using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>
/// Residual network (He, Zhang, Ren and Sun 2016) that classifies whole images. Any size works in evaluation; training needs
/// more than one pixel after five halvings, or several images in a batch.
/// </summary>
public sealed class ResNet : SegNetwork
{
    private const int StemChannels = 64;

    /// <summary>Blocks at each of the four sizes; deep networks use bottlenecks.</summary>
    private static readonly Dictionary<int, (int[] Blocks, bool Bottleneck)> Plans = new()
    {
        [18] = ([2, 2, 2, 2], false),
        [34] = ([3, 4, 6, 3], false),
        [50] = ([3, 4, 6, 3], true),
    };

    private readonly Convolution _stem;
    private readonly BatchNorm2d _stemNorm;
    private readonly List<ResidualBlock> _blocks = [];
    private readonly Linear _last;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <param name="depth">Layers with weights: 18, 34 or 50.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="classes">Classes beside "none".</param>
    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="ArgumentException">Another depth.</exception>
    public ResNet(int depth, int inChannels = 1, int classes = 1, long seed = 0)
        : base(nameof(ResNet), inChannels, classes)
    {
        if (!Plans.TryGetValue(depth, out var plan))
            throw new ArgumentException($"A residual network has 18, 34 or 50 layers here, not {depth}.", nameof(depth));
        _stem = Layers.Convolution(2, inChannels, StemChannels, 7, stride: 2, padding: 3, bias: false);
        _stemNorm = nn.BatchNorm2d(StemChannels);
        register_module("conv1", _stem);
        register_module("bn1", _stemNorm);
        var channels = StemChannels;
        for (var level = 0; level < plan.Blocks.Length; level++)
            channels = AddLevel(level, plan.Blocks[level], channels, plan.Bottleneck);
        _last = nn.Linear(channels, ClassificationHead.Logits(classes));
        register_module("fc", _last);
        WeightInitializer.Fill(this, seed, FirstWeights.NormalFanOut);
        ChannelsLast.Apply(this);
    }

    public override NetworkTask Task => NetworkTask.Classification;

    public override int MinimumSize => 1;

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        var x = ops.Relu(ops.Normalize(ops.Convolve(inputs.Image, _stem), _stemNorm));
        x = ops.MaxPool(x, 3, 2, 1);
        foreach (var block in _blocks)
            x = block.Describe(ops, x);
        return ClassificationHead.Describe(ops, x, _last);
    }

    private int AddLevel(int level, int count, int channels, bool bottleneck)
    {
        var blocks = new ModuleSlots();
        register_module($"layer{level + 1}", blocks);
        for (var i = 0; i < count; i++)
        {
            var block = new ResidualBlock(channels, StemChannels << level, level > 0 && i == 0 ? 2 : 1, bottleneck);
            blocks.Add(i, block);
            _blocks.Add(block);
            channels = block.OutChannels;
        }

        return channels;
    }
}

/// <summary>
/// Two convolutions 3×3, or a bottleneck of 1×1, 3×3 and 1×1 with four times the width at its end; what came in is added, through
/// a convolution 1×1 where the shape changes.
/// </summary>
internal sealed class ResidualBlock : NetworkPart
{
    private const int Expansion = 4;
    private readonly List<(Convolution Conv, BatchNorm2d Norm)> _stages = [];
    private readonly (Convolution Conv, BatchNorm2d Norm)? _shortcut;

    public ResidualBlock(int inChannels, int width, int stride, bool bottleneck)
        : base(nameof(ResidualBlock))
    {
        OutChannels = bottleneck ? Expansion * width : width;
        if (bottleneck)
        {
            Add(inChannels, width, 1, 1);
            Add(width, width, 3, stride);
            Add(width, OutChannels, 1, 1);
        }
        else
        {
            Add(inChannels, width, 3, stride);
            Add(width, width, 3, 1);
        }

        if (stride == 1 && inChannels == OutChannels)
            return;
        var conv = Layers.Convolution(2, inChannels, OutChannels, 1, stride, bias: false);
        var norm = nn.BatchNorm2d(OutChannels);
        var shortcut = new ModuleSlots();
        shortcut.Add(0, conv);
        shortcut.Add(1, norm);
        register_module("downsample", shortcut);
        _shortcut = (conv, norm);
    }

    public int OutChannels { get; }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        var y = ops.Retain(x);
        for (var i = 0; i < _stages.Count; i++)
        {
            y = ops.Normalize(ops.Convolve(y, _stages[i].Conv), _stages[i].Norm);
            if (i < _stages.Count - 1)
                y = ops.Relu(y);
        }

        if (_shortcut is var (conv, norm))
            x = ops.Normalize(ops.Convolve(x, conv), norm);
        return ops.Relu(ops.Add(y, x));
    }

    private void Add(int from, int to, int kernel, int stride)
    {
        var stage = (Layers.Convolution(2, from, to, kernel, stride, kernel / 2, bias: false), nn.BatchNorm2d(to));
        _stages.Add(stage);
        register_module($"conv{_stages.Count}", stage.Item1);
        register_module($"bn{_stages.Count}", stage.Item2);
    }
}
