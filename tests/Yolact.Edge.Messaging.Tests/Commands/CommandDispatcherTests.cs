using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Tests.Commands;

public sealed class CommandDispatcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly Channel<Answer> _answers = Channel.CreateUnbounded<Answer>();
    private int _done;

    [Fact]
    public async Task A_request_is_answered_to_its_topic_with_its_correlation_data()
    {
        Answer answer = await AskAsync(Dispatcher(), Request("capture"));
        Assert.Equal("replies/me", answer.Topic);
        Assert.Equal([1, 2], answer.CorrelationData!);
        Assert.Equal("command-response", answer.Type);
        JsonElement body = Body(answer);
        Assert.Equal((200, "capture", "Done."), (body.GetProperty("code").GetInt32(), body.GetProperty("command").GetString(), body.GetProperty("message").GetString()));
        Assert.Equal(7, body.GetProperty("result").GetProperty("edge_id").GetInt64());
        Assert.Equal(answer.Header.Id, body.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("yolact/1/press-3/command/capture", true, false)]
    [InlineData("replies/me", false, false)]
    [InlineData("replies/me", true, true)]
    public async Task A_request_that_cannot_be_answered_or_is_retained_is_not_done(string? responseTopic, bool correlated, bool retained)
    {
        CommandDispatcher dispatcher = Dispatcher();
        await dispatcher.Subscription.Handle(
            Request("capture", retained: retained) with { ResponseTopic = responseTopic, CorrelationData = correlated ? [1] : null }, TestContext.Current.CancellationToken);
        await dispatcher.Subscription.Handle(Request("capture") with { CorrelationData = new byte[CommandDispatcher.MaxCorrelationBytes + 1] }, TestContext.Current.CancellationToken);
        // One that is right shows that nothing came before it.
        Answer answer = await AskAsync(dispatcher, Request("capture", correlation: 9));
        Assert.Equal([9, 2], answer.CorrelationData!);
        Assert.Equal(1, _done);
    }

    [Fact]
    public async Task A_request_that_comes_twice_is_done_once_and_answered_twice_with_the_same_id()
    {
        CommandDispatcher dispatcher = Dispatcher();
        Answer first = await AskAsync(dispatcher, Request("capture"));
        Answer again = await AskAsync(dispatcher, Request("capture"));
        Assert.Equal(1, _done);
        Assert.Equal(first.Header.Id, again.Header.Id);
        Assert.Equal(first.Payload.WrittenMemory.ToArray(), again.Payload.WrittenMemory.ToArray());

        await AskAsync(dispatcher, Request("capture", correlation: 5));
        Assert.Equal(2, _done);
        _clock.Advance(ReplyCache.MaxAge + TimeSpan.FromSeconds(1));
        await AskAsync(dispatcher, Request("capture"));
        Assert.Equal(3, _done);
    }

    [Fact]
    public async Task An_expired_request_is_forgotten()
    {
        CommandDispatcher dispatcher = Dispatcher();
        IncomingMessage late = Request("capture") with { Expiry = TimeSpan.FromSeconds(2), ArrivedTicks = _clock.GetTimestamp() };
        _clock.Advance(TimeSpan.FromSeconds(2));
        await dispatcher.Subscription.Handle(late, TestContext.Current.CancellationToken);
        Answer answer = await AskAsync(dispatcher, Request("capture", correlation: 9) with { Expiry = TimeSpan.FromSeconds(2), ArrivedTicks = _clock.GetTimestamp() });
        Assert.Equal([9, 2], answer.CorrelationData!);
        Assert.Equal(1, _done);
    }

    [Fact]
    public async Task An_unknown_command_a_wrong_body_a_refusal_and_a_failure_each_have_their_code()
    {
        CommandDispatcher dispatcher = Dispatcher(
            DeviceCommand.Of("refuses", CommandJson.Default.CaptureRequest, new(10, 10), Limit, (_, _) => throw new CommandException(CommandCode.Conflict, "no")),
            DeviceCommand.Of("fails", CommandJson.Default.CaptureRequest, new(10, 10), Limit, (_, _) => throw new InvalidOperationException("password=secret")));
        Assert.Equal(404, Code(await AskAsync(dispatcher, Request("fly"))));
        Assert.Equal(400, Code(await AskAsync(dispatcher, Request("capture", body: "{ \"n\": 1 }"))));
        Assert.Equal(409, Code(await AskAsync(dispatcher, Request("refuses"))));
        Answer failed = await AskAsync(dispatcher, Request("fails"));
        Assert.Equal(500, Code(failed));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(failed.Payload.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Body(failed).GetProperty("result").ValueKind);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_answered_and_told_to_end()
    {
        var ended = new TaskCompletionSource();
        CommandDispatcher dispatcher = Dispatcher(DeviceCommand.Of("hangs", CommandJson.Default.CaptureRequest, new(1, 1), Limit, async (_, cancellation) =>
        {
            using CancellationTokenRegistration end = cancellation.Register(ended.SetResult);
            await ended.Task;
            throw new OperationCanceledException(cancellation);
        }));
        Task<Answer> asked = AskAsync(dispatcher, Request("hangs"));
        while (!asked.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Equal(504, Code(await asked));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Too_many_requests_are_told_to_come_again_and_may()
    {
        CommandDispatcher dispatcher = Dispatcher(
            DeviceCommand.Of("rare", CommandJson.Default.CaptureRequest, new(1, 2), Limit, (_, _) => Task.FromResult(new CommandReply(CommandCode.Done, "Done."))));
        int[] codes = new int[3];
        for (byte i = 0; i < codes.Length; i++)
            codes[i] = Code(await AskAsync(dispatcher, Request("rare", correlation: i)));
        Assert.Equal([200, 200, 429], codes);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, Code(await AskAsync(dispatcher, Request("rare", correlation: 2))));
    }

    [Fact]
    public async Task The_whole_device_takes_so_many_commands_a_second_and_no_more()
    {
        CommandDispatcher dispatcher = Dispatcher();
        List<int> codes = [];
        for (byte i = 0; i < 12; i++)
            codes.Add(Code(await AskAsync(dispatcher, Request("capture", correlation: i))));
        Assert.Equal(10, codes.Count(code => code == 200)); // 5 a second, twice that at once
        Assert.Equal(10, _done);
        Assert.Equal([429, 429], codes[10..]);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_answered_without_its_body()
    {
        CommandDispatcher dispatcher = Dispatcher();
        dispatcher.Subscription.TooLarge!(Request("capture"), 100_000);
        Answer answer = await _answers.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(413, Code(answer));
        Assert.Equal(0, _done);
    }

    [Fact]
    public async Task What_is_to_happen_afterwards_happens_when_the_answer_was_handed_over()
    {
        int answersBefore = -1;
        var happened = new TaskCompletionSource();
        CommandDispatcher dispatcher = Dispatcher(DeviceCommand.Of("ends", CommandJson.Default.CaptureRequest, new(1, 1), Limit, (_, _) => Task.FromResult(
            new CommandReply(CommandCode.Accepted, "Soon.")
            {
                Afterwards = () =>
                {
                    answersBefore = _answers.Reader.Count;
                    happened.SetResult();
                },
            })));
        await dispatcher.Subscription.Handle(Request("ends"), TestContext.Current.CancellationToken);
        await happened.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(1, answersBefore);
    }

    [Fact]
    public void The_cache_is_bounded_in_number_and_bytes()
    {
        var cache = new ReplyCache(_clock);
        for (int i = 0; i < 3 * ReplyCache.MaxEntries; i++)
            Assert.True(cache.TryBegin($"{i}", out _));
        Assert.InRange(cache.Count, 1, ReplyCache.MaxEntries + 1);
        for (int i = 0; i < 20; i++)
        {
            cache.TryBegin($"large {i}", out _);
            cache.Keep($"large {i}", new CachedResponse(default, new byte[1 << 20]));
        }
        Assert.InRange(cache.Count, 1, (int)(ReplyCache.MaxBytes >> 20));
        cache.Drop("large 19");
        Assert.True(cache.TryBegin("large 19", out CachedResponse? response));
        Assert.Null(response);
    }

    private CommandDispatcher Dispatcher(params DeviceCommand[] more) => new(
        [
            DeviceCommand.Of(CommandNames.Capture, CommandJson.Default.CaptureRequest, new RateLimit(100, 100), Limit, (_, _) =>
            {
                _done++;
                return Task.FromResult(CommandReply.Done("Done.", new CaptureResult("main", 7, 1, "boot"), CommandJson.Default.CaptureResult));
            }),
            .. more,
        ],
        new CommandOptions { PerSecond = 5 }, answer => _answers.Writer.TryWrite(answer), Samples.Stamp(), new PayloadPool(), _clock, NullLogger.Instance);

    private async Task<Answer> AskAsync(CommandDispatcher dispatcher, IncomingMessage request)
    {
        await dispatcher.Subscription.Handle(request, TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _answers.Reader.ReadAsync(patience.Token);
    }

    private static IncomingMessage Request(string name, string body = "", byte correlation = 1, bool retained = false) =>
        new(Samples.Topics.Command(name), Encoding.UTF8.GetBytes(body), retained) { ResponseTopic = "replies/me", CorrelationData = [correlation, 2] };

    private static JsonElement Body(Answer answer) => JsonDocument.Parse(answer.Payload.WrittenMemory).RootElement;

    private static int Code(Answer answer) => Body(answer).GetProperty("code").GetInt32();
}
