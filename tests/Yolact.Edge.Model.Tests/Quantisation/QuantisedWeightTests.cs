using CsCheck;
using Yolact.Edge.Model.Quantisation;

namespace Yolact.Edge.Model.Tests.Quantisation;

public class QuantisedWeightTests
{
    [Theory]
    [InlineData(8, 127)]
    [InlineData(7, 63)]
    public void Each_channel_uses_all_of_its_numbers_and_is_half_a_step_off_at_most(int bits, int limit) =>
        Gen.Float[-4, 4].Array[12].Sample(weights =>
        {
            QuantisedWeight quantised = QuantisedWeight.Of(weights, 3, bits, []);

            for (int o = 0; o < 3; o++)
            {
                float[] channel = weights[(4 * o)..((4 * o) + 4)];
                sbyte[] numbers = quantised.Numbers[(4 * o)..((4 * o) + 4)];
                Assert.Equal(channel.All(weight => Math.Abs(weight) / limit < 1.17549435e-38) ? 0 : limit, numbers.Max(number => Math.Abs((int)number)));
                for (int i = 0; i < 4; i++)
                    Assert.InRange(Math.Abs(channel[i] - (numbers[i] * quantised.Scales[o])), 0, 0.5001f * quantised.Scales[o]);
            }
        });

    [Fact]
    public void A_channel_of_denormal_numbers_is_dead()
    {
        QuantisedWeight quantised = QuantisedWeight.Of([3.245e-42f, -1e-44f], 1, 7, []);

        Assert.Equal([1f], quantised.Scales);
        Assert.Equal([0, 0], quantised.Numbers);
    }

    [Fact]
    public void A_dead_channel_gets_the_scale_that_its_bias_needs()
    {
        QuantisedWeight quantised = QuantisedWeight.Of([1e-30f, 0, 1, -1], 2, 8, [0.25, 0]);

        Assert.Equal([0.25f, 1f / 127], quantised.Scales);
        Assert.Equal([0, 0, 127, -127], quantised.Numbers);
    }
}
