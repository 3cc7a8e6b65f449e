using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Tests.Sessions;

public sealed class ReconnectDelayTests
{
    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(0.999999, 1.0)]
    public void Pauses_double_up_to_the_longest_less_a_random_half(double random, double share)
    {
        var delay = new ReconnectDelay(TimeSpan.FromSeconds(30), () => random);
        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => delay.Next().TotalSeconds)];
        double[] expected = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];
        for (int i = 0; i < seconds.Length; i++)
            Assert.Equal(expected[i] * share, seconds[i], 3);
        delay.Reset();
        Assert.Equal(0.5 * share, delay.Next().TotalSeconds, 3);
    }
}
