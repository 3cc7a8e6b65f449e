using Yolact.Edge.Imaging;

namespace Yolact.Edge.Rules;

/// <summary>
/// The rules of a configuration, made ready for a model's classes: from detections to results. Pure: what comes out depends on what goes in
/// alone; nothing is allocated.
/// </summary>
public sealed class RuleSet
{
    private readonly (RuleOptions Options, Condition[] Conditions)[] _rules;

    /// <summary>Makes rules ready.</summary>
    /// <param name="rules">Valid rules.</param>
    /// <param name="labels">The model's classes.</param>
    public RuleSet(IReadOnlyList<RuleOptions> rules, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(labels);
        _rules = [.. rules.Select(rule => (rule, rule.Conditions.Select(condition => new Condition(condition, labels)).ToArray()))];
    }

    /// <summary>How many rules there are.</summary>
    public int Count => _rules.Length;

    /// <summary>What a rule was made of.</summary>
    /// <param name="rule">0..<see cref="Count"/>-1.</param>
    public RuleOptions this[int rule] => _rules[rule].Options;

    /// <summary>Reports labels that the model does not have: a rule about them could never be met.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="labels">The model's classes.</param>
    /// <param name="pointer">JSON pointer of the rules.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public static void CheckLabels(IReadOnlyList<RuleOptions> rules, IReadOnlyList<string> labels, string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(report);
        for (int r = 0; r < rules.Count; r++)
        {
            for (int c = 0; c < rules[r].Conditions.Count; c++)
            {
                ConditionOptions condition = rules[r].Conditions[c];
                string at = $"{pointer}/{r}/conditions/{c}";
                for (int i = 0; i < condition.Labels.Count; i++)
                    Check($"{at}/labels/{i}", condition.Labels[i]);
                foreach (string label in condition.Scores.Keys)
                    Check($"{at}/scores/{label}", label);
            }
        }

        void Check(string at, string label)
        {
            if (!labels.Contains(label))
                report(at, $"a label of the model, not '{label}'; it has {string.Join(", ", labels)}");
        }
    }

    /// <summary>Judges a picture.</summary>
    /// <param name="detections">What was found; boxes in px of the source picture.</param>
    /// <param name="width">Columns of the source picture, in px.</param>
    /// <param name="height">Rows of the source picture, in px.</param>
    /// <param name="results">Takes one result a rule: at least <see cref="Count"/>.</param>
    public void Evaluate(ReadOnlySpan<Detection> detections, int width, int height, Span<RuleResult> results)
    {
        for (int r = 0; r < _rules.Length; r++)
        {
            (RuleOptions options, Condition[] conditions) = _rules[r];
            bool any = false, all = true;
            foreach (Condition condition in conditions)
            {
                int count = 0;
                foreach (ref readonly Detection detection in detections)
                    count += condition.Counts(detection, width, height) ? 1 : 0;
                bool holds = condition.Holds(count);
                any |= holds;
                all &= holds;
            }
            results[r] = new(options.Match == RuleMatch.Any ? any : all, Objects(conditions, detections, width, height));
        }
    }

    private static int Objects(Condition[] conditions, ReadOnlySpan<Detection> detections, int width, int height)
    {
        int objects = 0;
        foreach (ref readonly Detection detection in detections)
        {
            foreach (Condition condition in conditions)
            {
                if (!condition.Counts(detection, width, height))
                    continue;
                objects++;
                break;
            }
        }
        return objects;
    }
}

/// <summary>What a rule makes of a picture.</summary>
/// <param name="Met">Whether it holds.</param>
/// <param name="Count">Objects that count in at least one of its conditions.</param>
public readonly record struct RuleResult(bool Met, int Count);
