using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Damaged texts end in a configuration or in an error that names the file, never in anything else.</summary>
public sealed class ConfigFuzzTests
{
    private const int Mutations = 4000;
    private const string Alphabet = "{}[]:,'\"\\#&*!|>%@`~-?.\n\r\t 0e+9aTN<\u0000\u0085\u2028\uD83D\uFEFF";

    [Theory]
    [InlineData("c.json", 1)]
    [InlineData("c.yaml", 2)]
    public void Any_text_gives_a_configuration_or_a_clear_error(string name, int seed)
    {
        var random = new Random(seed);
        int failures = 0;
        for (int i = 0; i < Mutations; i++)
        {
            SegConfig config = new ConfigGenerator(i % 16).Next();
            string text = Mutate(name == "c.json" ? ConfigWriter.ToJson(config) : ConfigWriter.ToYaml(config), random);
            try
            {
                ConfigReader.Parse(text, name, SegEngine.Catalog, _ => { });
            }
            catch (SegException error)
            {
                failures++;
                Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
                Assert.StartsWith("Config", error.ErrorId, StringComparison.Ordinal);
            }
            catch (Exception error)
            {
                Assert.Fail($"mutation {i}: {error}\n{text}");
            }
        }

        Assert.InRange(failures, Mutations / 4, Mutations);
    }

    private static string Mutate(string text, Random random)
    {
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(1, 12), text.Length - at);
            string part = text.Substring(random.Next(text.Length - length + 1), length);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Alphabet[random.Next(Alphabet.Length)].ToString()),
                2 => text.Insert(at, part),
                _ => string.Concat(text.AsSpan(0, at), Alphabet[random.Next(Alphabet.Length)].ToString(), text.AsSpan(at + 1)),
            };
            if (text.Length == 0)
            {
                return text;
            }
        }

        return text;
    }
}
