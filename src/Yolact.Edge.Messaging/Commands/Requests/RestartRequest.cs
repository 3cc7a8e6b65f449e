namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks the program to end, so that its supervisor starts it anew.</summary>
/// <param name="Force">End even where no supervisor (systemd) is known that would start the program again.</param>
public sealed record RestartRequest(bool Force = false) : ICommandRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>What happens next.</summary>
/// <param name="ExitCode">What the process ends with.</param>
/// <param name="Run">The run that ends: the status of the next one names another.</param>
public sealed record RestartResult(int ExitCode, string Run);
