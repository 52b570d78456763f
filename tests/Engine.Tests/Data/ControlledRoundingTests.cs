using MedSeg.Engine.Data;
using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class ControlledRoundingTests
{
    [Fact]
    public void Totals_are_kept_and_every_entry_is_its_share_rounded_down_or_up()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new RandomStream(seed);
            int[] rows = [.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => random.Next(30))];
            var n = rows.Sum();
            int[] columns = new int[1 + random.Next(5)];
            for (var k = 0; k < n; k++)
                columns[random.Next(columns.Length)]++;
            var table = ControlledRounding.Of(rows, columns, random);
            for (var i = 0; i < rows.Length; i++)
                Assert.Equal(rows[i], Enumerable.Range(0, columns.Length).Sum(j => table[i, j]));
            for (var j = 0; j < columns.Length; j++)
                Assert.Equal(columns[j], Enumerable.Range(0, rows.Length).Sum(i => table[i, j]));
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j < columns.Length; j++)
                    Assert.True(Math.Abs(((long)table[i, j] * n) - ((long)rows[i] * columns[j])) < Math.Max(1, n));
            }
        }
    }

    [Fact]
    public void On_average_every_entry_is_its_share()
    {
        int[] rows = [1, 2, 4];
        int[] columns = [4, 2, 1];
        var sums = new double[3, 3];
        const int Draws = 4000;
        for (var seed = 0; seed < Draws; seed++)
        {
            var table = ControlledRounding.Of(rows, columns, new RandomStream(seed));
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++)
                    sums[i, j] += table[i, j];
            }
        }

        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal(rows[i] * columns[j] / 7.0, sums[i, j] / Draws, 0.04);
        }
    }

    [Fact]
    public void A_category_for_everybody_is_no_obstacle()
    {
        int[] rows = [.. Enumerable.Repeat(1, 2000)];
        var table = ControlledRounding.Of(rows, [1200, 400, 400], new RandomStream(1));
        Assert.Equal(1200, Enumerable.Range(0, rows.Length).Sum(i => table[i, 0]));
    }
}
