using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Rules;

/// <summary>How the conditions of a rule are joined.</summary>
public enum RuleMatch
{
    /// <summary>One that holds is enough.</summary>
    Any,

    /// <summary>Each has to hold.</summary>
    All,
}

/// <summary>A question about what was seen, and what its answer drives.</summary>
public sealed record RuleOptions
{
    /// <summary>The most conditions of a rule.</summary>
    public const int MaxConditions = 32;

    /// <summary>Name of the rule in messages: 1 to 64 ASCII letters, digits, '-', '_' or '.'.</summary>
    public string Name { get; init; } = "";

    /// <summary>How conditions are joined. Default <see cref="RuleMatch.Any"/>.</summary>
    public RuleMatch Match { get; init; } = RuleMatch.Any;

    /// <summary>1 to 32 conditions.</summary>
    public IReadOnlyList<ConditionOptions> Conditions { get; init; } = [];

    /// <summary>The line that is pulsed when the rule is met; null (the default) for a result in the message alone.</summary>
    public RuleOutputOptions? Output { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!TopicName.IsValid(Name))
            report($"{pointer}/name", TopicName.Rule);
        if (Conditions is not { Count: >= 1 and <= MaxConditions })
            report($"{pointer}/conditions", $"1 to {MaxConditions} conditions");
        for (int i = 0; i < (Conditions?.Count ?? 0); i++)
        {
            if (Conditions![i] is { } condition)
                condition.Validate($"{pointer}/conditions/{i}", report);
            else
                report($"{pointer}/conditions/{i}", "an object, not null");
        }
        Output?.Validate($"{pointer}/output", report);
    }
}
