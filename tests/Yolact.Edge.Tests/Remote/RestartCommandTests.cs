using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Yolact.Edge.Commands;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Topics;
using Yolact.Edge.Remote;

namespace Yolact.Edge.Tests.Remote;

public sealed class RestartCommandTests : IHostApplicationLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ApplianceState _state = new();
    private int _stops;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    [Fact]
    public async Task It_ends_the_program_with_the_code_that_systemd_restarts_it_for_once_it_has_answered()
    {
        DeviceCommand command = Command(supervised: true);
        _clock.Advance(TimeSpan.FromSeconds(5));
        CommandReply reply = await command.Run(default, TestContext.Current.CancellationToken);
        Assert.Equal(CommandCode.Accepted, reply.Code);
        Assert.Equal(0, _stops);
        reply.Afterwards!();
        Assert.Equal((1, ExitCode.Restart), (_stops, _state.ExitCode));
    }

    [Fact]
    public async Task A_program_that_has_just_started_does_not_restart()
    {
        DeviceCommand command = Command(supervised: true);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(CommandCode.Conflict, (await Assert.ThrowsAsync<CommandException>(() => command.Run(default, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Where_nobody_would_start_it_again_it_has_to_be_forced()
    {
        DeviceCommand command = Command(supervised: false);
        _clock.Advance(TimeSpan.FromMinutes(1));
        CommandException refused = await Assert.ThrowsAsync<CommandException>(() => command.Run(default, TestContext.Current.CancellationToken));
        Assert.Contains("force", refused.Message, StringComparison.Ordinal);
        Assert.Equal(CommandCode.Accepted, (await command.Run("""{ "force": true }"""u8.ToArray(), TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void The_unit_restarts_what_ends_with_that_code()
    {
        string unit = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "systemd", "yolact-edge.service"));
        Assert.Contains("\nRestart=on-failure\n", unit, StringComparison.Ordinal);
        foreach (string line in unit.Split('\n').Where(line => line.StartsWith("RestartPreventExitStatus=", StringComparison.Ordinal) || line.StartsWith("SuccessExitStatus=", StringComparison.Ordinal)))
            Assert.DoesNotContain($"{ExitCode.Restart}", line.Split('=')[1].Split(' '));
    }

    void IHostApplicationLifetime.StopApplication() => _stops++;

    private DeviceCommand Command(bool supervised) => new RestartCommand(_state, new MessageStamp(new TopicTree("d"), _clock), this, _clock, supervised).Command;
}
