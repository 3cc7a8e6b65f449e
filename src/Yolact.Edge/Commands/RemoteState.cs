using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Commands;

/// <summary>The remote commands that hear what a device says.</summary>
internal static class RemoteState
{
    public static Command Status(RemoteArguments arguments)
    {
        var command = new Command("status", "Print the device's state. Exit code 0 where it is ready, 1 where it is not, or nobody knows it.");
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            await using DeviceClient client = await arguments.ConnectAsync(result, cancellation);
            IncomingMessage message = await FindAsync(client, arguments.Patience(result), cancellation);
            StatusMessage status = JsonSerializer.Deserialize(message.Payload.Span, PayloadJson.Default.StatusMessage) ?? throw new IOException("The status is empty.");
            if (result.GetValue(arguments.Json))
                Console.WriteLine(Encoding.UTF8.GetString(message.Payload.Span));
            else
                Print(client.Topics.Device, status);
            return status.State == DeviceState.Ready ? ExitCode.Ok : ExitCode.Failed;
        }));
        return command;
    }

    public static Command Watch(RemoteArguments arguments)
    {
        var count = new Option<int>("--count", "-n") { Description = "End after so many messages; without, at Ctrl-C.", DefaultValueFactory = _ => int.MaxValue };
        var below = new Argument<string>("TOPICS") { Description = "Which topics below the device's root, such as events or camera/+/detections.", DefaultValueFactory = _ => "#" };
        var command = new Command("watch", "Print what the device says, a line a message.") { below, count };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            await using DeviceClient client = await arguments.ConnectAsync(result, cancellation);
            int left = result.GetValue(count);
            await foreach (IncomingMessage message in client.ListenAsync($"{client.Topics.Root}/{result.GetValue(below)}", cancellation))
            {
                Console.WriteLine(result.GetValue(arguments.Json) ? Json(message) : Line(message, client.Topics.Root));
                if (--left == 0)
                    break;
            }
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>The retained status of a device; where there is none, the error names the devices that there are.</summary>
    private static async Task<IncomingMessage> FindAsync(DeviceClient client, TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        List<string> others = [];
        try
        {
            await foreach (IncomingMessage message in client.ListenAsync("yolact/1/+/status", limit.Token))
            {
                if (message.Topic == client.Topics.Status)
                    return message;
                others.Add(message.Topic.Split('/')[2]);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // None within the time.
        }
        throw new IOException($"No device '{client.Topics.Device}' is known to this broker"
            + (others.Count == 0 ? ", nor any other." : $"; there are {string.Join(", ", others.Distinct().Order().Take(20))}."));
    }

    private static void Print(string device, StatusMessage status)
    {
        Console.WriteLine($"{device}: {JsonNamingPolicy.SnakeCaseLower.ConvertName(status.State.ToString())}{(status.Commands ? "" : ", takes no commands")}");
        foreach (string reason in status.Reasons)
            Console.WriteLine($"  {reason}");
        foreach ((string name, string version) in status.Versions)
            Console.WriteLine($"  {name} {version}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  run {status.Run}, connection {status.Connection}, since {status.Time.Utc:yyyy-MM-dd HH:mm:ss}Z"));
    }

    private static string Json(IncomingMessage message)
    {
        var line = new JsonObject { ["topic"] = message.Topic, ["retained"] = message.Retained };
        if (TryParse(message.Payload.Span, out JsonNode? payload))
            line["payload"] = payload;
        else
            line["bytes"] = message.Payload.Length;
        return line.ToJsonString();
    }

    private static string Line(IncomingMessage message, string root)
    {
        string topic = message.Topic[Math.Min(root.Length + 1, message.Topic.Length)..], kept = message.Retained ? " (retained)" : "";
        return TryParse(message.Payload.Span, out JsonNode? payload) && payload is JsonObject map ? $"{topic}{kept} {Summary(map)}" : $"{topic}{kept} {message.Payload.Length} bytes";
    }

    // What a person looks for first.
    private static string Summary(JsonObject message)
    {
        if (message["objects"] is JsonArray objects)
        {
            string edge = message["trigger"] is JsonObject trigger ? $"edge {trigger["edge_id"]}, " : "";
            return $"{edge}frame {message["frame"]?["sequence"]}: {(objects.Count == 0 ? "nothing" : string.Join(", ", objects.Select(one => $"{one?["label"]} {one?["score"]}")))}";
        }
        if (message["event"] is { } what)
            return $"{message["severity"]} {what}: {message["message"]}";
        if (message["fps"] is { } fps)
            return $"{fps} frames/s, up {message["uptime_s"]} s";
        if (message["state"] is { } state)
            return $"{state}{(message["code"] is { } code ? $" {code}" : "")} {string.Join(' ', (message["reasons"] as JsonArray ?? []).Select(reason => $"{reason}"))}".TrimEnd();
        return message.ToJsonString();
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, out JsonNode? node)
    {
        try
        {
            node = bytes.IsEmpty ? null : JsonNode.Parse(bytes);
            return node is not null;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }
}
