namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>From which importance on something is logged.</summary>
public enum LogThreshold
{
    /// <summary>Everything.</summary>
    Trace,

    /// <summary>What helps to find faults.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Information,

    /// <summary>What is not as it should be.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}

/// <summary>Asks to log more, or less, for a while; then it is as before.</summary>
/// <param name="Level">From what on is logged.</param>
/// <param name="Category">Which part of the program: a namespace such as <c>Yolact.Edge.Messaging</c>, at most 128 characters; null for all of it.</param>
/// <param name="ForS">For how long, in s, 1..86400.</param>
public sealed record SetLogLevelRequest(LogThreshold Level, string? Category = null, int ForS = 600) : ICommandRequest
{
    /// <summary>The longest while, in s: a day.</summary>
    public const int MostSeconds = 86_400;

    private const int LongestCategory = 128;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (ForS is < 1 or > MostSeconds)
            yield return $"for_s should be 1..{MostSeconds} s, not {ForS}.";
        if (Category is not null && (Category.Length is 0 or > LongestCategory || !Category.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_')))
            yield return $"category should be a namespace of 1 to {LongestCategory} letters, digits, '.' and '_'.";
    }
}

/// <summary>What is in force now.</summary>
/// <param name="Level">From what on is logged.</param>
/// <param name="Category">Which part of the program; null for all of it.</param>
/// <param name="Until">When it is as before again, UTC.</param>
public sealed record SetLogLevelResult(LogThreshold Level, string? Category, DateTime Until);
