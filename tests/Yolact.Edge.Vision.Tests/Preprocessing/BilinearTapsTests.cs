using System.Text.Json;
using CsCheck;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Tests.Golden;

namespace Yolact.Edge.Vision.Tests.Preprocessing;

public class BilinearTapsTests
{
    [Theory]
    [InlineData("bilinear_3_7")]
    [InlineData("bilinear_5_4")]
    [InlineData("bilinear_9_18")]
    public void Taps_interpolate_as_the_reference(string name)
    {
        JsonElement unit = UnitCases.Case(name);
        (int[] from, float[] x) = UnitCases.Tensor(unit.GetProperty("x"));
        (int[] to, float[] y) = UnitCases.Tensor(unit.GetProperty("y"));
        var rows = new BilinearTaps();
        var columns = new BilinearTaps();
        rows.Set(from[2], to[2]);
        columns.Set(from[3], to[3]);
        for (int r = 0; r < to[2]; r++)
        {
            for (int c = 0; c < to[3]; c++)
            {
                float At(int dy, int dx) =>
                    x[(Math.Min(rows.Index[r] + dy, from[2] - 1) * from[3]) + Math.Min(columns.Index[c] + dx, from[3] - 1)];
                float wx = columns.Weight[c], wy = rows.Weight[r];
                float value = ((1 - wy) * (((1 - wx) * At(0, 0)) + (wx * At(0, 1))))
                    + (wy * (((1 - wx) * At(1, 0)) + (wx * At(1, 1))));
                Assert.Equal(y[(r * to[3]) + c], value, 1e-6f);
            }
        }
    }

    [Fact]
    public void First_from_finds_the_first_output_at_or_after_a_sample() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 200], Gen.Int[-2, 70]).Sample((input, output, sample) =>
        {
            var taps = new BilinearTaps();
            taps.Set(input, output);
            int expected = 0;
            while (expected < output && taps.Index[expected] < Math.Clamp(sample, 0, input))
                expected++;
            Assert.Equal(expected, taps.FirstFrom(sample));
        });
}
