using MedSeg.Engine.Runtime;
using TorchSharp;

namespace MedSeg.Engine.Training;

/// <summary>
/// Draws from torch's generator, which all threads of the process share. Dropout masks are to depend on the run's seed and
/// position only, so the generator is seeded before each use and kept from other runs until the draw is done. Making a network
/// draws too, though its weights are then replaced.
/// </summary>
internal static class TorchRandom
{
    private static readonly Lock Gate = new();

    /// <summary>Runs something that draws.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="keys">What the draw is for: other keys, other numbers.</param>
    public static T Draw<T>(long seed, ReadOnlySpan<long> keys, Func<T> draw)
    {
        long state = (long)(new RandomStream(seed, keys).NextBits() >> 1);
        lock (Gate)
        {
            torch.random.manual_seed(state);
            return draw();
        }
    }
}
