using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Commands;

/// <summary><c>config</c>: shows, checks and describes the configuration.</summary>
public static class ConfigCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("config", "Show, check and describe the configuration.") { Show(), Validate(), Schema() };

    private static Command Show()
    {
        var config = ConfigurationArguments.File();
        var settings = ConfigurationArguments.Settings();
        var command = new Command("show",
            $"Print the configuration that would run, every default filled in: defaults, then {ConfigurationLoader.DefaultPath} (or --config), then "
            + "environment variables such as YOLACT_EDGE__MQTT__HOST, then --set. Passwords live in files and are never shown.")
        { config, settings };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            LoadedConfiguration loaded = ConfigurationLoader.Load(result.GetValue(config), result.GetValue(settings));
            JsonObject document = loaded.Document;
            Redaction.Apply(document);
            Console.WriteLine(document.ToJsonString(Indented));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Validate()
    {
        var file = new Argument<string?>("FILE") { Description = $"The document; {ConfigurationLoader.DefaultPath} if left out.", Arity = ArgumentArity.ZeroOrOne };
        var settings = ConfigurationArguments.Settings();
        var json = new Option<bool>("--json") { Description = "Print the errors as JSON." };
        var command = new Command("validate", "Check a configuration and print every error. Exit code 0 for a valid one, 2 for a bad one.") { file, settings, json };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            try
            {
                LoadedConfiguration loaded = ConfigurationLoader.Load(result.GetValue(file), result.GetValue(settings));
                Console.WriteLine(result.GetValue(json) ? "[]" : $"{loaded.Source}: valid, version {loaded.Options.Version}");
                return ExitCode.Ok;
            }
            catch (InvalidConfigurationException error) when (result.GetValue(json))
            {
                var errors = new JsonArray([.. error.Errors.Select(e => new JsonObject { ["pointer"] = e.Pointer, ["message"] = e.Message })]);
                Console.WriteLine(errors.ToJsonString(Indented));
                return ExitCode.BadInput;
            }
        }));
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Print the configuration's JSON Schema; name it in an editor to have settings completed and checked.");
        command.SetAction(_ =>
        {
            Console.Write(ConfigurationSchema.Text);
            return ExitCode.Ok;
        });
        return command;
    }
}
