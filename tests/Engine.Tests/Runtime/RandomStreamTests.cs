using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public class RandomStreamTests
{
    /// <summary>First outputs of the authors' C code (prng.di.unimi.it) for state {1, 2, 3, 4}.</summary>
    [Fact]
    public void Bits_are_those_of_the_published_generator()
    {
        var random = RandomStream.FromState([1, 2, 3, 4]);
        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], [random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void The_start_is_that_of_SplitMix64_with_seed_zero() =>
        Assert.Equal(
            [0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL, 0xF88BB8A8724C81ECUL], new RandomStream(0).ToState());

    [Fact]
    public void Same_seed_and_keys_give_the_same_numbers_and_others_do_not()
    {
        static double[] Draw(RandomStream r) => [r.NextDouble(), r.NextDouble(), r.Normal()];
        Assert.Equal(Draw(new RandomStream(7, 1, 2)), Draw(new RandomStream(7, 1, 2)));
        Assert.NotEqual(Draw(new RandomStream(7, 1, 2)), Draw(new RandomStream(7, 2, 1)));
        Assert.NotEqual(Draw(new RandomStream(7, 1, 2)), Draw(new RandomStream(8, 1, 2)));
        Assert.NotEqual(Draw(new RandomStream(7)), Draw(new RandomStream(7, 0)));
    }

    [Fact]
    public void A_saved_state_continues_the_same_sequence()
    {
        var random = new RandomStream(3);
        _ = random.Normal();
        var copy = RandomStream.FromState(random.ToState());
        for (var i = 0; i < 20; i++)
            Assert.Equal(random.Normal(), copy.Normal());
    }

    [Theory]
    [InlineData(new ulong[] { 0, 0, 0, 0 })]
    [InlineData(new ulong[] { 1, 2, 3 })]
    public void A_damaged_state_is_refused(ulong[] state) => Assert.Throws<ArgumentException>(() => RandomStream.FromState(state));

    [Fact]
    public void Integers_are_uniform()
    {
        var random = new RandomStream(11);
        var counts = new int[7];
        for (var i = 0; i < 70000; i++)
            counts[random.Next(7)]++;
        Assert.All(counts, c => Assert.InRange(c, 9600, 10400)); // four standard deviations
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void Normals_have_the_moments_of_a_normal_distribution()
    {
        var random = new RandomStream(5);
        var values = Enumerable.Range(0, 100000).Select(_ => random.Normal(2, 3)).ToArray();
        var mean = values.Average();
        var variance = values.Average(x => (x - mean) * (x - mean));
        var kurtosis = values.Average(x => Math.Pow(x - mean, 4)) / (variance * variance);
        Assert.Equal(2, mean, 0.04);
        Assert.Equal(9, variance, 0.2);
        Assert.Equal(3, kurtosis, 0.1);
    }

    [Fact]
    public void Filling_takes_two_numbers_from_each_draw_and_stays_in_range()
    {
        var values = new float[10001];
        new RandomStream(4).Fill(values, -1, 3);
        Assert.All(values, x => Assert.InRange(x, -1, 3));
        Assert.Equal(1, values.Average(), 0.05);
        Assert.Equal(16 / 12.0, values.Average(x => (x - 1.0) * (x - 1)), 0.05);

        var bits = new RandomStream(4).NextBits();
        Assert.Equal([-1 + (4f * (bits >> 40) / (1 << 24)), -1 + (4f * ((bits >> 16) & 0xFFFFFF) / (1 << 24))], values[..2]);
        var shorter = new float[3];
        new RandomStream(4).Fill(shorter, -1, 3);
        Assert.Equal(values[..3], shorter);
    }

    [Fact]
    public void Own_logarithm_agrees_with_the_library()
    {
        foreach (var x in new[] { 1e-300, 1e-9, 0.1, 0.5, 0.7071, 0.99999, 1, 1.4142, 2, 1e10 })
            Assert.Equal(Math.Log(x), RandomStream.Ln(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))));
    }

    [Fact]
    public void A_permutation_holds_each_number_once_and_every_order_occurs()
    {
        var random = new RandomStream(1);
        var orders = new Dictionary<string, int>();
        for (var i = 0; i < 6000; i++)
        {
            var order = random.Permutation(3);
            Assert.Equal([0, 1, 2], order.Order());
            var key = string.Join(' ', order);
            orders[key] = orders.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, c => Assert.InRange(c, 860, 1140));
    }
}
