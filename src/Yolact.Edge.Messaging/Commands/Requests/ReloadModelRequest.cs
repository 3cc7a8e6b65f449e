namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks to load the model's files anew, such as after they were replaced.</summary>
public sealed record ReloadModelRequest : ICommandRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>The model that runs now.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Sha256">Hash of its file, 64 hexadecimal digits.</param>
/// <param name="PreviousSha256">Hash of the file that ran before.</param>
public sealed record ReloadModelResult(string Model, string Sha256, string PreviousSha256);
