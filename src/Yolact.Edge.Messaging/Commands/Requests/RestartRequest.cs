namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks the program to end, so that its supervisor starts it anew.</summary>
public sealed record RestartRequest : ICommandRequest
{
    /// <summary>End even where no supervisor (systemd) is known that would start the program again. Default false.</summary>
    public bool Force { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>What happens next.</summary>
/// <param name="ExitCode">What the process ends with.</param>
/// <param name="Run">The run that ends: the status of the next one names another.</param>
public sealed record RestartResult(int ExitCode, string Run);
