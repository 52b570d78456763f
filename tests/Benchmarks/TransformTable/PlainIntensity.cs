using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>The transforms of gray values and labels as one would write them first, kept plain on purpose as in <see cref="PlainSpatial"/>.</summary>
internal static class PlainIntensity
{
    private const int Levels = 1 << 14, Bins = 256;

    public static void Normalize(float[] source, float[] destination)
    {
        var mean = source.Average(x => (double)x);
        var deviation = Math.Sqrt(source.Average(x => (x - mean) * (x - mean)));
        for (var i = 0; i < source.Length; i++)
            destination[i] = (float)((source[i] - mean) / deviation);
    }

    public static void Clip(float[] source, double low, double high, float[] destination)
    {
        var sorted = (float[])source.Clone();
        Array.Sort(sorted);
        var (bottom, top) = ((float)Percentile(sorted, low), (float)Percentile(sorted, high));
        for (var i = 0; i < source.Length; i++)
            destination[i] = Math.Clamp(source[i], bottom, top);
    }

    public static void Gamma(float[] source, double gamma, float[] destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = (float)(Math.Sign(source[i]) * Math.Pow(Math.Abs(source[i]), gamma));
    }

    public static void Noise(float[] source, double deviation, RandomStream random, float[] destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = source[i] + (float)random.Normal(0, deviation);
    }

    public static void Bias(float[] source, GridSize size, int order, double[] coefficients, float[] destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            double X(int place, int n) => n == 1 ? 0 : (2.0 * place / (n - 1)) - 1;
            double x = X(i / (size.W * size.D), size.H), y = X(i / size.D % size.W, size.W), z = X(i % size.D, size.D);
            var (sum, at) = (0.0, 0);
            for (var a = 0; a <= order; a++)
            {
                for (var b = 0; b <= order - a; b++)
                {
                    for (var c = 0; c <= order - a - b; c++)
                        sum += coefficients[at++] * Math.Pow(x, a) * Math.Pow(y, b) * Math.Pow(z, c);
                }
            }

            destination[i] = (float)(source[i] * Math.Exp(sum));
        }
    }

    public static void Blur(float[] source, GridSize size, double sigma, float[] destination)
    {
        var values = Array.ConvertAll(source, x => (double)x);
        var radius = (int)((4 * sigma) + 0.5);
        var kernel = Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma))).ToArray();
        var total = kernel.Sum();
        foreach (var (n, step) in new[] { (size.H, size.W * size.D), (size.W, size.D), (size.D, 1) })
        {
            if (n == 1)
                continue;
            var result = new double[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var (at, sum) = (i / step % n, 0.0);
                for (var k = -radius; k <= radius; k++)
                    sum += kernel[k + radius] * values[i + ((Mirror(at + k, n) - at) * step)];
                result[i] = sum / total;
            }

            values = result;
        }

        for (var i = 0; i < values.Length; i++)
            destination[i] = (float)values[i];
    }

    /// <summary>For each object, n dilations of the whole grid.</summary>
    public static void Dilate(float[] source, GridSize size, double factor, float[] destination)
    {
        Array.Clear(destination);
        var left = Array.ConvertAll(source, x => x > 0.5f);
        for (var seed = Array.IndexOf(left, true); seed >= 0; seed = Array.IndexOf(left, true))
        {
            var grown = new bool[source.Length];
            grown[seed] = true;
            for (var count = 0; count != grown.Count(x => x);)
            {
                count = grown.Count(x => x);
                grown = Dilated(grown, size, left);
            }

            for (var i = 0; i < left.Length; i++)
                left[i] &= !grown[i];
            var rings = Math.Round(factor * Math.Sqrt(grown.Count(x => x)));
            for (var ring = 0; ring <= rings; ring++)
            {
                var next = ring == 0 ? grown : Dilated(grown, size, null);
                for (var i = 0; i < next.Length; i++)
                {
                    if (next[i] && (ring == 0 || !grown[i]))
                        destination[i] = (float)Math.Min(1, destination[i] + ((rings + 1 - ring) / (rings + 1)));
                }

                grown = next;
            }
        }
    }

    /// <summary>Adaptive equalisation: all mappings first, then every voxel between those of the tiles around it.</summary>
    public static void Equalize(float[] source, GridSize size, GridSize kernel, double limit, float[] destination)
    {
        double low = source.Min(), high = source.Max();
        var bins = Array.ConvertAll(source, x => (int)Math.Round((x - low) / (high - low) * (Levels - 1)) / (1 + (Levels / Bins)));
        var tiles = new GridSize((size.H + kernel.H - 1) / kernel.H, (size.W + kernel.W - 1) / kernel.W, (size.D + kernel.D - 1) / kernel.D);
        var maps = Enumerable.Range(0, tiles.Count).Select(t => Map(bins, size, kernel, limit, t / (tiles.W * tiles.D), t / tiles.D % tiles.W, t % tiles.D)).ToArray();
        for (var i = 0; i < source.Length; i++)
        {
            int[] place = [i / (size.W * size.D), i / size.D % size.W, i % size.D];
            var sum = 0.0;
            for (var corner = 0; corner < 8; corner++)
            {
                var (weight, index) = (1.0, 0);
                for (var axis = 0; axis < 3; axis++)
                {
                    var (at, upper) = (place[axis] + (kernel[axis] / 2), (corner >> axis) & 1);
                    var fraction = (double)(at % kernel[axis]) / kernel[axis];
                    weight *= upper == 1 ? fraction : 1 - fraction;
                    index = (index * tiles[axis]) + Math.Clamp((at / kernel[axis]) - 1 + upper, 0, tiles[axis] - 1);
                }

                if (weight > 0)
                    sum += weight * maps[index][bins[i]];
            }

            destination[i] = (float)sum;
        }

        (low, high) = (destination.Min(), destination.Max());
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (float)((destination[i] - low) / (high - low));
    }

    private static double[] Map(int[] bins, GridSize size, GridSize kernel, double limit, int h, int w, int d)
    {
        var histogram = new int[Bins];
        for (var i = 0; i < kernel.Count; i++)
        {
            var (a, b, c) = ((h * kernel.H) + (i / (kernel.W * kernel.D)), (w * kernel.W) + (i / kernel.D % kernel.W), (d * kernel.D) + (i % kernel.D));
            histogram[bins[(((Fold(a, size.H) * size.W) + Fold(b, size.W)) * size.D) + Fold(c, size.D)]]++;
        }

        TileHistogram.Clip(histogram, limit > 0 ? (int)Math.Clamp(limit * kernel.Count, 1, kernel.Count) : kernel.Count);
        var sum = 0;
        return Array.ConvertAll(histogram, count => Math.Floor(Math.Min(Levels - 1, (sum += count) * (Levels - 1.0) / kernel.Count)));
    }

    private static bool[] Dilated(bool[] mask, GridSize size, bool[]? within)
    {
        var result = (bool[])mask.Clone();
        for (var i = 0; i < mask.Length; i++)
        {
            if (!mask[i])
                continue;
            foreach (var (n, step) in new[] { (size.H, size.W * size.D), (size.W, size.D), (size.D, 1) })
            {
                var at = i / step % n;
                if (at > 0 && within?[i - step] != false)
                    result[i - step] = true;
                if (at < n - 1 && within?[i + step] != false)
                    result[i + step] = true;
            }
        }

        return result;
    }

    private static double Percentile(float[] sorted, double percentile)
    {
        var place = percentile / 100 * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
        return sorted[low] + ((sorted[high] - sorted[low]) * (place - low));
    }

    private static int Mirror(int i, int n)
    {
        while (i < 0 || i >= n)
            i = i < 0 ? -1 - i : (2 * n) - 1 - i;
        return i;
    }

    private static int Fold(int i, int n)
    {
        while (i >= n && n > 1)
            i = Math.Abs((2 * (n - 1)) - i);
        return Math.Min(i, n - 1);
    }
}
