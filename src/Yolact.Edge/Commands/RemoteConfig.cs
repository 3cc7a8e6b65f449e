using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Commands;

/// <summary><c>remote config</c>: what a device runs, and what it shall run.</summary>
internal static class RemoteConfig
{
    public static Command Create(RemoteArguments arguments) => new("config", "Show or change a device's configuration.") { Get(arguments), Set(arguments) };

    private static Command Get(RemoteArguments arguments)
    {
        var desired = new Option<bool>("--desired") { Description = "Print the document that was asked for instead of the report on it." };
        var command = new Command("get", "Print what became of the configuration that was asked for: versions, state, and every error with its place.") { desired };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            await using DeviceClient client = await arguments.ConnectAsync(result, cancellation);
            string topic = result.GetValue(desired) ? client.Topics.ConfigDesired : client.Topics.ConfigReported;
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(arguments.Patience(result));
            try
            {
                await foreach (IncomingMessage message in client.ListenAsync(topic, limit.Token))
                {
                    if (result.GetValue(arguments.Json) || result.GetValue(desired))
                        Console.WriteLine(Encoding.UTF8.GetString(message.Payload.Span));
                    else
                        Print(Read(message));
                    break;
                }
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new IOException($"Nothing is kept on {topic}.");
            }
        }));
        return command;
    }

    private static Command Set(RemoteArguments arguments)
    {
        var file = new Argument<string>("FILE") { Description = "The whole document, with a version of its own." };
        var wait = new Option<int>("--wait") { Description = "How long to wait for the outcome, in s, 1..3600: probation takes its time.", HelpName = "S", DefaultValueFactory = _ => 180 };
        var command = new Command("set", """
            Leave a configuration for the device and print each state on its way: probation, then applied, rejected, rolled_back or restart_required.
            What a device does not take is kept at the broker all the same; the device does not try it again until it changes.
            """)
        { file, wait };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            int seconds = result.GetValue(wait);
            if (seconds is < 1 or > 3600)
                throw new InvalidDataException($"--wait should be 1 to 3600 s, not {seconds}.");
            (byte[] document, string version) = Load(result.GetValue(file)!);
            await using DeviceClient client = await arguments.ConnectAsync(result, cancellation);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
            try
            {
                return await SetAsync(client, document, version, result.GetValue(arguments.Json), limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new IOException($"'{client.Topics.Device}' reported no outcome of version {version} within {seconds} s; the document stays at the broker.");
            }
        }));
        return command;
    }

    private static async Task<int> SetAsync(DeviceClient client, byte[] document, string version, bool json, CancellationToken cancellation)
    {
        await using IAsyncEnumerator<IncomingMessage> reports = client.ListenAsync(client.Topics.ConfigReported, cancellation).GetAsyncEnumerator(cancellation);
        // Listening begins with the first wait, and has to begin before the document is left.
        ValueTask<bool> next = reports.MoveNextAsync();
        await client.LeaveAsync(client.Topics.ConfigDesired, document, cancellation);
        while (await next)
        {
            IncomingMessage message = reports.Current;
            ConfigReportedMessage report = Read(message);
            // A retained report of the same version is of an earlier time, or of now: only the device's own word after this counts.
            if (report.DesiredVersion == version && !message.Retained)
            {
                if (json)
                    Console.WriteLine(Encoding.UTF8.GetString(message.Payload.Span));
                else
                    Print(report);
                if (report.State != ConfigState.Probation)
                    return report.State is ConfigState.Applied or ConfigState.RestartRequired ? ExitCode.Ok : report.Code == 400 ? ExitCode.BadInput : ExitCode.Failed;
            }
            next = reports.MoveNextAsync();
        }
        return ExitCode.Failed;
    }

    private static (byte[] Document, string Version) Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length > ConfigurationLoader.MaxBytes)
            throw new InvalidDataException($"'{path}' is longer than {ConfigurationLoader.MaxBytes} bytes: no configuration.");
        try
        {
            if (JsonNode.Parse(bytes, documentOptions: ConfigurationLoader.DocumentOptions) is JsonObject document)
            {
                return document["version"] is JsonValue version && version.TryGetValue(out string? text) && text.Length > 0 ? (bytes, text)
                    : throw new InvalidDataException($"'{path}' should have a \"version\" of its own: the device's report names it.");
            }
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no JSON: {error.Message}");
        }
        throw new InvalidDataException($"'{path}' should hold an object {{ ... }}.");
    }

    private static ConfigReportedMessage Read(IncomingMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Payload.Span, PayloadJson.Default.ConfigReportedMessage) ?? throw new IOException("The report is empty.");
        }
        catch (JsonException error)
        {
            throw new IOException($"The report cannot be read: {error.Message}", error);
        }
    }

    private static void Print(ConfigReportedMessage report)
    {
        Console.WriteLine($"{JsonNamingPolicy.SnakeCaseLower.ConvertName(report.State.ToString())} {report.Code}: desired {Word(report.DesiredVersion)}, "
            + $"applied {Word(report.AppliedVersion)}, last good {Word(report.LastGoodVersion)}");
        foreach (ConfigError error in report.Errors)
            Console.WriteLine($"  {error.Pointer}: {error.Message}");
    }

    private static string Word(string? version) => version ?? "none";
}
