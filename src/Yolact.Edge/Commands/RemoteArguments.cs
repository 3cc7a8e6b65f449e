using System.CommandLine;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Commands;

/// <summary>Which broker, which device, and how to speak with them: what the remote commands share.</summary>
internal sealed class RemoteArguments
{
    private readonly Option<string> _broker = new("--broker", "-b")
    {
        Description = "Where the broker listens; 127.0.0.1:1883, the embedded one's place, if left out. Port 8883 with TLS.",
        HelpName = "HOST[:PORT]",
        DefaultValueFactory = _ => "127.0.0.1",
        Recursive = true,
    };

    private readonly Option<string> _device = new("--device", "-d")
    {
        Description = "Name of the device; this machine's if left out.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DeviceName.OfMachine(),
        Recursive = true,
    };

    private readonly Option<string?> _user = Text("--user", "User name.", "NAME");
    private readonly Option<string?> _password = Text("--password-file", "File that holds the password.", "FILE");
    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypt, and trust the system's authorities.", Recursive = true };
    private readonly Option<string?> _ca = Text("--ca", "Encrypt, and trust the authority in this PEM file.", "FILE");
    private readonly Option<string?> _certificate = Text("--cert", "Our certificate, PEM (mTLS).", "FILE");
    private readonly Option<string?> _key = Text("--key", "Our private key, PEM.", "FILE");
    private readonly Option<string?> _serverName = Text("--server-name", "The name that the broker's certificate must carry, where it is not the host's.", "NAME");

    private readonly Option<double> _timeout = new("--timeout", "-t")
    {
        Description = "How long to wait for connection and answer, in s, 0.1..3600.",
        HelpName = "S",
        DefaultValueFactory = _ => 10,
        Recursive = true,
    };

    /// <summary>JSON for machines.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print what the device said as JSON.", Recursive = true };

    /// <summary>Adds them to the command that holds the others.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_broker, _device, _user, _password, _tls, _ca, _certificate, _key, _serverName, _timeout, Json])
            command.Options.Add(option);
    }

    /// <summary>How long to wait.</summary>
    /// <exception cref="InvalidDataException">Out of range.</exception>
    public TimeSpan Patience(ParseResult result)
    {
        double seconds = result.GetValue(_timeout);
        return seconds is >= 0.1 and <= 3600 ? TimeSpan.FromSeconds(seconds) : throw new InvalidDataException($"--timeout should be 0.1 to 3600 s, not {seconds}.");
    }

    /// <summary>Connects.</summary>
    /// <exception cref="InvalidDataException">An option is wrong.</exception>
    /// <exception cref="IOException">There is no connection.</exception>
    public async Task<DeviceClient> ConnectAsync(ParseResult result, CancellationToken cancellation)
    {
        string device = result.GetValue(_device)!;
        if (!TopicName.IsValid(device))
            throw new InvalidDataException($"--device should be {TopicName.Rule}, not '{device}'.");
        MqttOptions options = Options(result);
        List<string> errors = [];
        options.Validate("", (pointer, message) => errors.Add($"{pointer.TrimStart('/')}: should be {message}."));
        return errors.Count == 0 ? await DeviceClient.ConnectAsync(options, device, cancellation) : throw new InvalidDataException(string.Join(Environment.NewLine, errors));
    }

    private MqttOptions Options(ParseResult result)
    {
        string broker = result.GetValue(_broker)!;
        // An IPv6 address with a port is in brackets; without, all its colons are its own.
        if (!Uri.TryCreate($"mqtt://{(broker.Count(c => c == ':') > 1 && !broker.StartsWith('[') ? $"[{broker}]" : broker)}", UriKind.Absolute, out Uri? address)
            || address.Host.Length == 0 || address.PathAndQuery.Trim('/').Length > 0 || address.UserInfo.Length > 0)
            throw new InvalidDataException($"--broker should be HOST or HOST:PORT, not '{broker}'.");
        string? ca = result.GetValue(_ca), certificate = result.GetValue(_certificate), key = result.GetValue(_key), name = result.GetValue(_serverName);
        bool tls = result.GetValue(_tls) || ca is not null || certificate is not null || key is not null || name is not null;
        return new MqttOptions
        {
            Host = address.Host.Trim('[', ']'),
            Port = address.IsDefaultPort ? null : address.Port,
            Username = result.GetValue(_user),
            PasswordFile = result.GetValue(_password),
            TimeoutS = (int)Math.Clamp(Math.Ceiling(Patience(result).TotalSeconds), 1, 120),
            Tls = tls ? new TlsOptions { CaFile = ca, CertificateFile = certificate, KeyFile = key, ServerName = name } : null,
        };
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help, Recursive = true };
}
