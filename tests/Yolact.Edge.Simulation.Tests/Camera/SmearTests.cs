using CsCheck;
using Yolact.Edge.Simulation.Camera;

namespace Yolact.Edge.Simulation.Tests.Camera;

public sealed class SmearTests
{
    [Fact]
    public void A_px_is_the_mean_of_the_belt_over_its_way() =>
        Gen.Select(Gen.Double[0, 5000], Gen.Double[0, 64], Gen.Byte.Array[4 * 120]).Sample((start, length, belt) =>
        {
            var smear = new Smear(start, start + length);
            var row = new ushort[4 * 37];
            smear.Run(belt, row);
            // The reference integrates the belt's px, which are flat, over the px' window in double precision.
            for (int x = 0; x < 37; x++)
            {
                double from = -(start + length) - smear.FirstU + x, to = from + length + 1, mean = 0;
                for (int k = (int)Math.Floor(from); k < to; k++)
                    mean += belt[4 * k] * (Math.Min(k + 1, to) - Math.Max(k, from)) / (length + 1);
                // Weights are in 1/256: over 65 px of random levels their rounding comes to about one level, and the result
                // is cut to one.
                if (Math.Abs(mean - row[4 * x]) > 6)
                    return false;
            }
            return smear.FirstU <= -(start + length) && smear.Taps <= 66;
        }, iter: 300);

    [Fact]
    public void A_flat_belt_stays_flat() =>
        Gen.Select(Gen.Double[0, 5000], Gen.Double[0, 64], Gen.Byte).Sample((start, length, level) =>
    {
        var smear = new Smear(start, start + length);
        var row = new ushort[4 * 37];
        smear.Run(Enumerable.Repeat(level, 480).ToArray(), row);
        return row.All(value => value == level);
    }, iter: 300);
}
