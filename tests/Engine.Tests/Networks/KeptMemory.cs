using System.Globalization;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>
/// Measures in a process of its own what lives between the forward and the backward pass. The C library must return what is freed
/// at once (MALLOC_MMAP_THRESHOLD_), so that resident memory says what tensors take.
/// </summary>
internal static class KeptMemory
{
    private const int Batch = 2;

    /// <summary>The networks that are measured, with what is counted for them.</summary>
    public static (SegNetwork Network, NetworkFootprint Footprint, long[] Sides) Make(string network)
    {
        var unet = new UnetOptions(2, 2, Depth: 2, Filters: 4, Dimensions: network == "unet-2d" ? 2 : 3);
        var modified = new Modified3DUnetOptions(1, 1, Filters: 4, Attention: network == "attention");
        return network switch
        {
            "unet-2d" => (new Unet(unet), UnetFootprint.Of(unet, 512, 256), [512, 256]),
            "unet-3d" => (new Unet(unet), UnetFootprint.Of(unet, 48, 32, 44), [48, 32, 44]),
            _ => (new Modified3DUnet(modified), Modified3DUnetFootprint.Of(modified, 64, 48, 32), [64, 48, 32]),
        };
    }

    /// <summary>Prints the bytes that a forward pass of two samples leaves, once everything has run for the first time.</summary>
    public static int Measure(string network)
    {
        var (module, _, sides) = Make(network);
        using var made = module;
        var loss = LossRegistry.Create(new ComponentConfig("DiceLoss"));
        Step(made, loss, sides);
        var kept = Step(made, loss, sides);
        Console.WriteLine(kept.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static long Step(SegNetwork network, ISegLoss loss, long[] sides)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Resident();
        using var scope = NewDisposeScope();
        var input = randn([Batch, network.InChannels, .. sides]);
        var target = ones([Batch, network.Classes, .. sides]);
        var value = loss.Forward(network.forward(input), target);
        var kept = Resident() - before;
        value.backward();
        return kept;
    }

    private static long Resident()
    {
        var fields = File.ReadAllText("/proc/self/statm").Split(' ');
        return long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
