namespace Yolact.Edge.Messaging.Commands;

/// <summary>The body of a request.</summary>
public interface ICommandRequest
{
    /// <summary>Everything that is wrong, each a sentence that says what would be right.</summary>
    IEnumerable<string> Validate();
}
