using Yolact.Edge.Messaging;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The broker answers with the configured settings: address, TLS, user and password.</summary>
internal static class BrokerCheck
{
    public static async Task<Diagnosis> RunAsync(CheckContext context, CancellationToken cancellation)
    {
        if (context.Options is not { } options)
            return Diagnosis.NotApplicable("which broker is not known without a configuration");
        if (options.Mqtt.Host is not { } host)
            return Diagnosis.Ok("the embedded one, on 127.0.0.1 alone");
        string account = options.Mqtt.Username is { } user ? $"user {user}" : "no user";
        string broker = $"{host}, {(options.Mqtt.Tls is null ? "without TLS" : "TLS")}, {account}";
        string? problem = await context.TryBroker(options.Mqtt, options.Device, cancellation);
        if (problem is not null)
        {
            return Diagnosis.Failed($"{broker}: {problem}",
                "Check host, port, TLS files, user and password below mqtt; the appliance itself goes on trying.");
        }
        return Unencrypted(options.Mqtt)
            ? Diagnosis.Warning($"{broker}: it answers", "The password travels unencrypted: set mqtt/tls.")
            : Diagnosis.Ok($"{broker}: it answers");
    }

    private static bool Unencrypted(MqttOptions mqtt) => mqtt is { Tls: null, PasswordFile: not null };
}
