namespace Yolact.Edge.Model.Parameters;

/// <summary>A checkpoint's parameters are those of no named network.</summary>
/// <param name="message">The file, the nearest networks, and what to do.</param>
public sealed class UnknownNetworkException(string message) : Exception(message);
