using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>The Unet of spec/models.md §1 in plain loops and double precision, to check the real one against. Evaluation mode.</summary>
internal static class PlainUnet
{
    private sealed record Image(double[,,] Values)
    {
        public int C => Values.GetLength(0);

        public int H => Values.GetLength(1);

        public int W => Values.GetLength(2);
    }

    public static float[] Forward(
        nn.Module network, float[] input, int n, int c, int h, int w, int depth, FinalActivation activation, int classes)
    {
        var state = Safetensors.StateOf(network).Where(s => !s.Name.EndsWith("tracked", StringComparison.Ordinal))
            .ToDictionary(s => s.Name, s => (Values: GoldenWeights.ToArray(s.Value), Shape: s.Value.shape));
        var output = new List<float>();
        for (var sample = 0; sample < n; sample++)
        {
            var x = new Image(new double[c, h, w]);
            Fill(x, (ch, i, j) => input[(((((sample * c) + ch) * h) + i) * w) + j]);
            var y = Activate(Logits(state, x, depth), activation, classes);
            for (var ch = 0; ch < y.C; ch++)
            {
                for (var i = 0; i < h; i++)
                {
                    for (var j = 0; j < w; j++)
                        output.Add((float)y.Values[ch, i, j]);
                }
            }
        }

        return [.. output];
    }

    private static Image Logits(Dictionary<string, (float[] Values, long[] Shape)> state, Image x, int depth)
    {
        var skips = new Stack<Image>();
        for (var level = 0; level < depth; level++)
        {
            x = Block(state, x, $"encoder.down_path.{3 * level}");
            skips.Push(x);
            x = Pool(x);
        }

        x = Block(state, x, "encoder.conv_bottom");
        for (var k = 0; k < depth; k++)
        {
            var skip = skips.Pop();
            x = Block(state, Join(Resize(x, skip.H, skip.W), skip), $"decoder.up_path.{2 * k}.downconv");
        }

        return Convolve(state, x, "decoder.last_conv");
    }

    private static Image Block(Dictionary<string, (float[] Values, long[] Shape)> state, Image x, string name)
    {
        foreach (var stage in new[] { ".conv1", ".conv2" })
        {
            var y = Convolve(state, x, name + stage);
            float[] Of(string part) => state[$"{name}{stage}_bn.{part}"].Values;
            var (weight, bias, mean, variance) = (Of("weight"), Of("bias"), Of("running_mean"), Of("running_var"));
            x = Map(y, (c, v) => ((Math.Max(v, 0) - mean[c]) / Math.Sqrt(variance[c] + 1e-5) * weight[c]) + bias[c]);
        }

        return x;
    }

    private static Image Convolve(Dictionary<string, (float[] Values, long[] Shape)> state, Image x, string name)
    {
        var (weight, shape) = state[name + ".weight"];
        var bias = state[name + ".bias"].Values;
        var y = new Image(new double[shape[0], x.H, x.W]);
        Fill(y, (o, i, j) =>
        {
            double sum = bias[o];
            for (var c = 0; c < x.C; c++)
            {
                for (var a = 0; a < 3; a++)
                {
                    for (var b = 0; b < 3; b++)
                    {
                        var (row, column) = (i + a - 1, j + b - 1);
                        if (row >= 0 && row < x.H && column >= 0 && column < x.W)
                            sum += weight[(((((o * x.C) + c) * 3) + a) * 3) + b] * x.Values[c, row, column];
                    }
                }
            }

            return sum;
        });
        return y;
    }

    private static Image Pool(Image x)
    {
        var y = new Image(new double[x.C, x.H / 2, x.W / 2]);
        Fill(y, (c, i, j) => Math.Max(
            Math.Max(x.Values[c, 2 * i, 2 * j], x.Values[c, 2 * i, (2 * j) + 1]),
            Math.Max(x.Values[c, (2 * i) + 1, 2 * j], x.Values[c, (2 * i) + 1, (2 * j) + 1])));
        return y;
    }

    private static Image Resize(Image x, int h, int w)
    {
        static (int Low, int High, double Part) Place(int i, int from, int to)
        {
            var position = to == 1 ? 0 : (double)i * (from - 1) / (to - 1);
            var low = Math.Min((int)position, from - 1);
            return (low, Math.Min(low + 1, from - 1), position - low);
        }

        var y = new Image(new double[x.C, h, w]);
        Fill(y, (c, i, j) =>
        {
            var (r0, r1, r) = Place(i, x.H, h);
            var (c0, c1, s) = Place(j, x.W, w);
            return ((1 - r) * (((1 - s) * x.Values[c, r0, c0]) + (s * x.Values[c, r0, c1])))
                + (r * (((1 - s) * x.Values[c, r1, c0]) + (s * x.Values[c, r1, c1])));
        });
        return y;
    }

    private static Image Join(Image x, Image y)
    {
        var joined = new Image(new double[x.C + y.C, x.H, x.W]);
        Fill(joined, (c, i, j) => c < x.C ? x.Values[c, i, j] : y.Values[c - x.C, i, j]);
        return joined;
    }

    private static Image Activate(Image logits, FinalActivation activation, int classes)
    {
        var first = classes > 1 ? 1 : 0;
        var y = new Image(new double[classes, logits.H, logits.W]);
        var largest = Math.Max(0, logits.Values.Cast<double>().Max());
        Fill(y, (c, i, j) =>
        {
            double Sum(Func<double, double> f) => Enumerable.Range(0, logits.C).Sum(l => f(logits.Values[l, i, j]));
            var v = logits.Values[c + first, i, j];
            var positive = Math.Max(v, 0);
            return activation switch
            {
                FinalActivation.Sigmoid => 1 / (1 + Math.Exp(-v)),
                FinalActivation.Softmax => Math.Exp(v) / Sum(Math.Exp),
                _ when positive == 0 => 0,
                _ => classes == 1 ? positive / largest : positive / Sum(l => Math.Max(l, 0)),
            };
        });
        return y;
    }

    private static Image Map(Image x, Func<int, double, double> f)
    {
        var y = new Image(new double[x.C, x.H, x.W]);
        Fill(y, (c, i, j) => f(c, x.Values[c, i, j]));
        return y;
    }

    private static void Fill(Image image, Func<int, int, int, double> f)
    {
        for (var c = 0; c < image.C; c++)
        {
            for (var i = 0; i < image.H; i++)
            {
                for (var j = 0; j < image.W; j++)
                    image.Values[c, i, j] = f(c, i, j);
            }
        }
    }
}
