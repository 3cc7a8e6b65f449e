using Microsoft.Extensions.Time.Testing;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Tests.Payloads;

public sealed class TimeServiceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Reading_gives_the_last_answer_at_once_and_asks_anew_when_it_is_old()
    {
        var answers = new Queue<TaskCompletionSource<bool>>([new(), new()]);
        TaskCompletionSource<bool>[] asked = [.. answers];
        int questions = 0;
        var service = new TimeService(
            _ =>
            {
                Interlocked.Increment(ref questions);
                return answers.Dequeue().Task;
            },
            _clock);

        Assert.False(service.IsSynchronized); // nobody has answered
        Assert.False(service.IsSynchronized);
        asked[0].SetResult(true);
        await UntilAsync(() => service.IsSynchronized);
        Assert.Equal(1, questions);

        _clock.Advance(TimeService.Holds);
        Assert.True(service.IsSynchronized); // the old answer, until there is another
        asked[1].SetResult(false);
        await UntilAsync(() => !service.IsSynchronized);
        Assert.Equal(2, questions);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
