using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Commands;

/// <summary>The remote commands that ask for something and print the response.</summary>
internal static class RemoteRequests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Plain(RemoteArguments arguments, string name, string description)
    {
        var command = new Command(name, description);
        command.SetAction((result, cancellation) => AskAsync(arguments, result, name, default, Print, cancellation));
        return command;
    }

    public static Command Capture(RemoteArguments arguments)
    {
        var command = new Command("capture", "Take a picture now (trigger modes software and edge); prints the edge that its detections will name.");
        command.SetAction((result, cancellation) => AskAsync(arguments, result, CommandNames.Capture, default,
            response => Console.WriteLine($"edge {response.Result?.GetProperty("edge_id")}"), cancellation));
        return command;
    }

    public static Command Snapshot(RemoteArguments arguments)
    {
        var output = new Option<string>("--output", "-o") { Description = "The JPEG file to write.", HelpName = "FILE", Required = true };
        var overlay = new Option<bool>("--overlay") { Description = "The next picture that went through the network, with masks drawn in." };
        var width = new Option<int>("--max-width") { Description = $"The greatest width in px, {SnapshotRequest.LeastWidth}..{SnapshotRequest.MostWidth}.", DefaultValueFactory = _ => 1920 };
        var command = new Command("snapshot", "Fetch what the camera sees now.") { output, overlay, width };
        command.SetAction((result, cancellation) =>
        {
            string path = result.GetValue(output)!;
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(
                new SnapshotRequest(result.GetValue(overlay), result.GetValue(width)), CommandJson.Default.SnapshotRequest);
            return AskAsync(arguments, result, CommandNames.Snapshot, body, response => Save(response, path), cancellation);
        });
        return command;
    }

    public static Command Restart(RemoteArguments arguments)
    {
        var force = new Option<bool>("--force") { Description = "End the program even where no supervisor is known that would start it again." };
        var command = new Command("restart", "End the program in order; systemd starts it again.") { force };
        command.SetAction((result, cancellation) => AskAsync(arguments, result, CommandNames.Restart,
            JsonSerializer.SerializeToUtf8Bytes(new RestartRequest(result.GetValue(force)), CommandJson.Default.RestartRequest), Print, cancellation));
        return command;
    }

    public static Command SetLogLevel(RemoteArguments arguments)
    {
        var level = new Argument<LogThreshold>("LEVEL") { Description = "From what on is logged: trace, debug, information, warning or error." };
        var category = new Option<string?>("--category") { Description = "Which part of the program: a namespace, such as Yolact.Edge.Messaging; all of it if left out." };
        var seconds = new Option<int>("--for") { Description = $"For how long, in s, 1..{SetLogLevelRequest.MostSeconds}.", HelpName = "S", DefaultValueFactory = _ => 600 };
        var command = new Command("set-log-level", "Log more, or less, for a while.") { level, category, seconds };
        command.SetAction((result, cancellation) => AskAsync(arguments, result, CommandNames.SetLogLevel,
            JsonSerializer.SerializeToUtf8Bytes(
                new SetLogLevelRequest(result.GetValue(level), result.GetValue(category), result.GetValue(seconds)),
                CommandJson.Default.SetLogLevelRequest), Print, cancellation));
        return command;
    }

    private static Task<int> AskAsync(RemoteArguments arguments, ParseResult result, string name, ReadOnlyMemory<byte> body, Action<CommandResponseMessage> show,
        CancellationToken cancellation) => CommandErrors.GuardAsync(async () =>
        {
            await using DeviceClient client = await arguments.ConnectAsync(result, cancellation);
            CommandResponseMessage response = await client.AskAsync(name, body, arguments.Patience(result), cancellation);
            bool done = (int)response.Code < 300, json = result.GetValue(arguments.Json);
            if (done && (!json || name == CommandNames.Snapshot))
                show(response);
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(Shown(response), PayloadJson.Default.CommandResponseMessage));
            else if (!done)
                CommandErrors.Report($"{client.Topics.Device} answers {(int)response.Code}: {response.Message}");
            return done ? ExitCode.Ok : response.Code == CommandCode.BadRequest ? ExitCode.BadInput : ExitCode.Failed;
        });

    private static void Print(CommandResponseMessage response)
    {
        Console.WriteLine(response.Message);
        if (response.Result is { } result)
            Console.WriteLine(JsonObject.Create(result)?.ToJsonString(Indented));
    }

    private static void Save(CommandResponseMessage response, string path)
    {
        if (response.Result is not { } result || !result.TryGetProperty("data", out JsonElement data) || !data.TryGetBytesFromBase64(out byte[]? jpeg))
            throw new IOException("The response holds no picture.");
        string part = path + ".part";
        try
        {
            File.WriteAllBytes(part, jpeg);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
        Console.Error.WriteLine($"{path}: {response.Message}");
    }

    // The picture went into its file; among JSON it would only be in the way.
    private static CommandResponseMessage Shown(CommandResponseMessage response)
    {
        if (response.Result is not { ValueKind: JsonValueKind.Object } result || !result.TryGetProperty("data", out _))
            return response;
        JsonObject without = JsonObject.Create(result)!;
        without.Remove("data");
        using JsonDocument document = JsonDocument.Parse(without.ToJsonString());
        return response with { Result = document.RootElement.Clone() };
    }
}
