namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks to go back to the configuration that was good before the one that runs.</summary>
public sealed record RollbackConfigRequest : ICommandRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>The configuration that runs now.</summary>
/// <param name="AppliedVersion">Its version.</param>
public sealed record RollbackConfigResult(string AppliedVersion);
