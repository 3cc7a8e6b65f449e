using CsCheck;
using Yolact.Edge.Simulation.Camera;

namespace Yolact.Edge.Simulation.Tests.Camera;

public sealed class RowDeveloperTests
{
    [Fact]
    public void Light_glare_and_noise_are_what_the_formula_says() =>
        Gen.Select(Gen.Byte.Array[101], Gen.Byte.Array[101], Gen.Byte[0, 80].Array[101], Gen.Int[-96, 96].Array[101],
            Gen.Double[0, 6])
            .Sample((levels, gain, glare, deviates, sigma) =>
            {
                ushort[] row = [.. levels.Select(level => (ushort)level)];
                sbyte[] noise = [.. deviates.Select(n => (sbyte)n), .. new sbyte[64]];
                var target = new byte[101];
                RowDeveloper.Develop(row, gain, glare, noise, (float)sigma, target);
                for (int i = 0; i < target.Length; i++)
                {
                    double lit = (levels[i] * gain[i] / 128.0) + glare[i];
                    double value = Math.Min(lit, (lit + 216) / 2) + (deviates[i] / 32.0 * sigma * (0.5 + (levels[i] / 256.0)));
                    // The amplitude is a whole number of 1/64 of a sixteenth; the rest is rounding.
                    if (Math.Abs(Math.Clamp(value, 0, 255) - target[i]) > 1.3)
                        return false;
                }
                return true;
            }, iter: 500);

    [Fact]
    public void Defocus_blends_neighbours_by_their_share()
    {
        ushort[] above = [.. Enumerable.Range(0, 100).Select(i => (ushort)(i * 2))],
            row = [.. Enumerable.Repeat((ushort)200, 100)];
        ushort[] below = [.. Enumerable.Range(0, 100).Select(i => (ushort)(255 - i))], target = new ushort[100];
        RowDeveloper.Defocus(above, row, below, target, 64);
        for (int i = 0; i < 100; i++)
            Assert.Equal((200 / 2.0) + (2 * i / 4.0) + ((255 - i) / 4.0), target[i], 1.0);
    }
}
