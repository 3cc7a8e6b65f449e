using CsCheck;
using Yolact.Edge.Model.Quantisation;

namespace Yolact.Edge.Model.Tests.Quantisation;

public class AffineScaleTests
{
    [Theory]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void Zero_is_exact_and_what_lies_in_the_range_is_half_a_step_off_at_most(QuantisationTarget target) =>
        Gen.Select(Gen.Float[-100, 0], Gen.Float[0.001f, 100], Gen.Double[0, 1]).Sample((low, high, share) =>
        {
            AffineScale scale = AffineScale.For(new(low, high), target);
            double value = low + ((high - (double)low) * share);

            Assert.Equal(0, scale.Dequantise(scale.Quantise(0)));
            // One step at an end: the zero point is rounded.
            double allowed = (scale.Quantise(value) == scale.Min || scale.Quantise(value) == scale.Max ? 1.001 : 0.501) * scale.Scale;
            Assert.InRange(Math.Abs(value - scale.Dequantise(scale.Quantise(value))), 0, allowed);
        });

    [Fact]
    public void A_relu_costs_the_cpu_no_number_and_tensorrt_none_of_its_zero_point()
    {
        Assert.Equal(new AffineScale(2f / 255, 0, 0, 255), AffineScale.For(new(0, 2), QuantisationTarget.Cpu));
        Assert.Equal(new AffineScale(2f / 127, 0, -128, 127), AffineScale.For(new(0, 2), QuantisationTarget.TensorRt));
    }

    [Fact]
    public void Halves_go_to_even_numbers() =>
        Assert.Equal([0, 2, 2], new[] { 0.5, 1.5, 2.5 }.Select(new AffineScale(1, 0, -128, 127).Quantise));
}
