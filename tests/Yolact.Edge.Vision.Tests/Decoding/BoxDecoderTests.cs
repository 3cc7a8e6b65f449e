using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Decoding;

namespace Yolact.Edge.Vision.Tests.Decoding;

public class BoxDecoderTests
{
    [Fact]
    public void Boxes_follow_the_formula() =>
        Gen.Float[-3, 3].Array[4].Select(Gen.Float[0.01f, 1.5f].Array[4]).Sample((regression, prior) =>
        {
            Box box = BoxDecoder.Decode(prior, regression);
            double width = prior[2] * Math.Exp(0.2 * regression[2]), height = prior[3] * Math.Exp(0.2 * regression[3]);
            double x = prior[0] + (0.1 * regression[0] * prior[2]), y = prior[1] + (0.1 * regression[1] * prior[3]);
            Assert.Equal(x - (width / 2), box.X1, 2e-6);
            Assert.Equal(y - (height / 2), box.Y1, 2e-6);
            Assert.Equal(x + (width / 2), box.X2, 2e-6);
            Assert.Equal(y + (height / 2), box.Y2, 2e-6);
        });

    [Fact]
    public void Candidates_are_the_rows_above_the_floor_in_order_of_their_priors()
    {
        float[] probability = [0, 0.9f, 0.1f, 0, 0.2f, 0.4f, 0, 0.05f, 0.05f, 0, 0, 0];
        float[] priors = [.. Enumerable.Range(0, 5).SelectMany(i => new[] { i / 10f, 0.5f, 0.2f, 0.2f })];
        var candidates = new Candidates(4);
        candidates.Fill([3, 1, 4, 0], probability, new float[16], priors, 0.05f);
        Assert.Equal(2, candidates.Count);
        Assert.Equal([1, 3], candidates.Prior[..2]);
        Assert.Equal([1, 0], candidates.Row[..2]);
        Assert.Equal([0.4f, 0.9f], candidates.Best[..2]);
        Assert.Equal(0.3f - 0.1f, candidates.Boxes[1].X1, 1e-6f);
    }

    [Fact]
    public void A_prior_that_does_not_exist_is_refused()
    {
        var candidates = new Candidates(1);
        Assert.Throws<InvalidDataException>(() => candidates.Fill([7], [0, 0.9f], new float[4], new float[8], 0.05f));
        Assert.Throws<InvalidDataException>(() => candidates.Fill([-1], [0, 0.9f], new float[4], new float[8], 0.05f));
    }
}
