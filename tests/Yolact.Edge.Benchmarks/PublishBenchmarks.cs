using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Benchmarks;

/// <summary>
/// A message of 20 objects with run-length masks of 1280 x 720 px: written, handed over, acknowledged by a mosquitto on this machine; and
/// what the bare library takes for the same bytes. CPU time of the whole process, without the broker's; 64 messages at once.
/// </summary>
[Config(typeof(Settings))]
public class PublishBenchmarks
{
    private const int Objects = 20, Width = 1280, Height = 720, AtOnce = 64, InFlight = 32;

    // Most of the time is waiting, which the clock does not count: a fixed number keeps the run short.
    private const int Invocations = 8;

    private readonly PayloadPool _pool = new(2 * AtOnce);
    private readonly DetectionsWriter _writer = new(new DetectionsOptions());
    private readonly TopicTree _topics = new("press-3");
    private readonly ModelTrace _model = new("belt", new string('a', 64), ["nut", "washer", "bolt"]);
    private readonly Detection[] _objects = new Detection[Objects];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<MessageOutbox> _outboxes = [];
    private MessageStamp _stamp = null!;
    private string _folder = "";
    private Process? _broker;
    private MqttSession _memory = null!;
    private MqttSession _disk = null!;
    private IMqttClient _bare = null!;
    private byte[] _payload = [];

    [GlobalSetup]
    public void Prepare()
    {
        _stamp = new MessageStamp(_topics, TimeProvider.System);
        var random = new Random(1);
        for (int i = 0; i < Objects; i++)
            _objects[i] = Made(random, i);
        _folder = Directory.CreateTempSubdirectory("publish-").FullName;
        int port = StartBroker();
        _memory = Session(port, "memory", new OutboxOptions { Enabled = false });
        _disk = Session(port, "disk", new OutboxOptions { Path = Path.Combine(_folder, "outbox") });
        _bare = new MqttClientFactory().CreateMqttClient();
        _bare.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).Build()).Wait();
        using PayloadBuffer buffer = _pool.Rent();
        Write(buffer, _stamp.Next());
        _payload = buffer.WrittenMemory.ToArray();
        Console.WriteLine($"// a message has {_payload.Length} bytes");
    }

    [GlobalCleanup]
    public void End()
    {
        _stop.Cancel();
        _bare.Dispose();
        _broker?.Kill();
        _outboxes.ForEach(outbox => outbox.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = AtOnce, Description = "bare MQTTnet, QoS 1, to the acknowledgement")]
    public async Task Bare()
    {
        var publishes = new Queue<Task>();
        for (int i = 0; i < AtOnce; i++)
        {
            if (publishes.Count >= InFlight)
                await publishes.Dequeue();
            publishes.Enqueue(_bare.PublishAsync(new MqttApplicationMessage
            {
                Topic = "bare",
                Payload = new ReadOnlySequence<byte>(_payload),
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            }));
        }
        await Task.WhenAll(publishes);
    }

    [Benchmark(OperationsPerInvoke = AtOnce, Description = "write")]
    public void Write()
    {
        for (int i = 0; i < AtOnce; i++)
        {
            using PayloadBuffer buffer = _pool.Rent();
            Write(buffer, _stamp.Next());
        }
    }

    [Benchmark(OperationsPerInvoke = AtOnce, Description = "write and promise in memory, to the acknowledgement")]
    public void Memory() => Promise(_memory);

    [Benchmark(OperationsPerInvoke = AtOnce, Description = "write and promise on disk, to the acknowledgement")]
    public void Disk() => Promise(_disk);

    private void Promise(MqttSession session)
    {
        for (int i = 0; i < AtOnce; i++)
        {
            MessageHeader header = _stamp.Next();
            PayloadBuffer buffer = _pool.Rent();
            Write(buffer, header);
            session.Publish(new OutgoingMessage(_topics.Detections("main"), "detections", header, buffer, Promised: true));
        }
        session.KeptAsync().Wait();
        SpinWait.SpinUntil(() => session.WaitingPromised == 0);
    }

    private void Write(PayloadBuffer buffer, MessageHeader header)
    {
        var now = new MonotonicTime(header.Time.MonotonicNs);
        _writer.Write(
            new DetectionsMessage
            {
                Header = header,
                Camera = "main",
                Frame = new FrameTrace(42, Width, Height, new FrameTime(now, FrameTimeMeaning.ExposureStart, default, default)),
                Trigger = new EdgeTrace(7, now, "barrier"),
                Model = _model,
                ConfigVersion = "1",
                Stages = default,
                Objects = _objects,
            },
            buffer);
    }

    // An ellipse with a frayed edge, 60 to 240 px across.
    private static Detection Made(Random random, int index)
    {
        int width = random.Next(60, 240), height = random.Next(60, 240), left = random.Next(Width - width), top = random.Next(Height - height);
        int words = (height + 63) / 64;
        var columns = new ulong[width * words];
        for (int x = 0; x < width; x++)
        {
            double half = Math.Sqrt(Math.Max(0, 1 - Math.Pow(((2.0 * x) + 1 - width) / width, 2))) * height / 2;
            for (int y = (int)Math.Max(0, (height / 2) - half + random.Next(2)); y < Math.Min(height, (height / 2) + half - random.Next(2)); y++)
                columns[(x * words) + (y / 64)] |= 1UL << (y % 64);
        }
        return new Detection(index % 3, 0.9f - (0.01f * index), 0.8f, new Box(left, top, left + width, top + height), index,
            new BinaryMask(Width, Height, new PixelRect(left, top, width, height), columns));
    }

    private MqttSession Session(int port, string name, OutboxOptions options)
    {
        var pool = new PayloadPool(2 * AtOnce);
        MessageOutbox outbox = MessageOutbox.Open(options, name, 1000, pool, TimeProvider.System, NullLogger.Instance);
        _outboxes.Add(outbox);
        var session = new MqttSession(new MqttOptions { Host = "127.0.0.1" }, new IPEndPoint(IPAddress.Loopback, port), name, _topics.Status,
            (will, _) => will.BeginJson().Flush(), pool, TimeProvider.System, NullLogger.Instance, outbox);
        _ = session.RunAsync(_stop.Token);
        SpinWait.SpinUntil(() => session.IsConnected);
        return session;
    }

    private int StartBroker()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string config = Path.Combine(_folder, "mosquitto.conf");
        File.WriteAllText(config, $"listener {port} 127.0.0.1\nallow_anonymous true\n");
        _broker = Process.Start("/usr/sbin/mosquitto", ["-c", config]);
        SpinWait.SpinUntil(() =>
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return port;
    }

    private sealed class Settings : ManualConfig
    {
        public Settings()
        {
            UnionRule = ConfigUnionRule.AlwaysUseLocal;
            Add(DefaultConfig.Instance);
            AddDiagnoser(MemoryDiagnoser.Default);
            AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(10).WithWarmupCount(2)
                .WithInvocationCount(Invocations).WithUnrollFactor(1).WithClock(new ProcessCpuClock()));
        }
    }
}
