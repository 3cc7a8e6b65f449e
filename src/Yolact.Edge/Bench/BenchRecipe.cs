using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Rules;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Bench;

/// <summary>
/// What the appliance makes of a frame, on its defaults: the network, no rules, the message. The message goes over MQTT to a broker in this
/// process, which nobody has subscribed to, or into a session that is never connected.
/// </summary>
internal sealed class BenchRecipe : IAsyncDisposable
{
    private const string Name = "bench";

    // Away from the port of an appliance that may run beside.
    private const int FirstPort = 21883;
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    private readonly EmbeddedBroker? _broker;
    private readonly MqttSession _session;
    private readonly OutputScheduler _outputs = new(TimeProvider.System, [], static _ => { });
    private readonly CancellationTokenSource _hangUp = new();
    private readonly Task _connection;

    private BenchRecipe(Detector detector, EmbeddedBroker? broker)
    {
        _broker = broker;
        IReadOnlyList<string> labels = detector.Config.Classes;
        var stamp = new MessageStamp(new TopicTree(Name), TimeProvider.System);
        var pool = new PayloadPool();
        _session = new MqttSession(new MqttOptions(), broker?.Endpoint ?? new IPEndPoint(IPAddress.Loopback, 1), Name, stamp.Topics.Status, static (_, _) => { },
            pool, TimeProvider.System, NullLogger.Instance);
        var model = new ModelTrace(Name, new string('0', 64), labels);
        Recipe = new Recipe(detector, default, new ModelOptions().Slots, model, new RuleOutputs(new RuleSet([], labels), _outputs, 1),
            new DetectionPublisher(new DetectionsOptions(), _session, stamp, pool, model, "0", "", TimeProvider.System));
        _connection = broker is null ? Task.CompletedTask : _session.RunAsync(_hangUp.Token);
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Messages sent.</summary>
    public long Published => _session.Published;

    /// <summary>Messages are written and handed over, and go nowhere.</summary>
    /// <param name="detector">The network; the recipe's from now on.</param>
    public static BenchRecipe Unconnected(Detector detector) => new(detector, null);

    /// <summary>Messages go to an embedded broker.</summary>
    /// <param name="detector">The network; the recipe's from now on.</param>
    public static async Task<BenchRecipe> ConnectedAsync(Detector detector) => new(detector, await EmbeddedBroker.StartAsync(FirstPort));

    /// <summary>Judges a frame and publishes its message, as the appliance does.</summary>
    public static void Publish(in FrameResult result)
    {
        ReadOnlySpan<RuleOutcome> outcomes = result.Recipe.Rules.Apply(result.Captured, result.Detections.Items, result.Width, result.Height);
        result.Recipe.Publisher.Publish(Name, result, outcomes, TimeSpan.Zero, static () => { });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _hangUp.CancelAsync();
        await _connection;
        using var enough = new CancellationTokenSource(GoodbyeTimeout);
        await _session.CloseAsync(static (_, _) => { }, enough.Token);
        await _session.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        _outputs.Dispose();
        _hangUp.Dispose();
        Recipe.Release();
        await Recipe.Freed;
    }
}
