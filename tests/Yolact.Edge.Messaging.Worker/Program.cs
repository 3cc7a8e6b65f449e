using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;

// What the fault test starts and kills: the real outbox and session, fed with numbered messages on three streams as fast as they are kept.
// Arguments: port of the broker, folder of the outbox, name of this run. Says "kept STREAM NUMBER" when a message is promised, "drained" when
// the broker has acknowledged all, after a line came in.
const int Streams = 3, MostWaiting = 2000, PadBytes = 200;

int port = int.Parse(args[0]);
string run = args[2];
var topics = new TopicTree("press-3");
string[] streams = [topics.Events, topics.Detections("left"), topics.Detections("right")];
var pool = new PayloadPool();
var stamp = new MessageStamp(topics, TimeProvider.System, run);
var options = new MqttOptions { Host = "127.0.0.1", ReconnectMaxS = 1, TimeoutS = 30, Outbox = new OutboxOptions { Path = args[1] } };
using MessageOutbox outbox = MessageOutbox.Open(options.Outbox, topics.Device, 1000, pool, TimeProvider.System, NullLogger.Instance);
if (outbox.Problem is { } problem)
    throw new IOException(problem);
await using var session = new MqttSession(options, new IPEndPoint(IPAddress.Loopback, port), topics.Device, topics.Status,
    (will, connection) => will.BeginJson().Flush(), pool, TimeProvider.System, NullLogger.Instance, outbox);
using var stop = new CancellationTokenSource();
Task running = session.RunAsync(stop.Token);
Task<string?> drain = Task.Run(Console.ReadLine);
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };

string pad = new('x', PadBytes);
for (long number = 1; !drain.IsCompleted; number++)
{
    for (int stream = 0; stream < Streams; stream++)
    {
        MessageHeader header = stamp.Next();
        PayloadBuffer buffer = pool.Rent();
        string text = $"{run} {number} {header.Id} {pad}";
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length)));
        (int s, long n) = (stream, number);
        session.Publish(new OutgoingMessage(streams[stream], "event", header, buffer, Promised: true), () => output.WriteLine($"kept {s} {n}"));
    }
    while (outbox.Waiting > MostWaiting && !drain.IsCompleted)
        await Task.Delay(1);
}
await session.KeptAsync();
while (outbox.Waiting > 0)
    await Task.Delay(10);
await output.WriteLineAsync($"drained {outbox.BytesWritten} {outbox.Commits}");
await stop.CancelAsync();
await running;
