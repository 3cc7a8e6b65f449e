namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// How long to wait before the next try to connect: doubling from half a second to a longest pause, of which a random half is taken
/// off, so that a fleet does not come back all at once after its broker did.
/// </summary>
/// <param name="longest">The longest pause.</param>
/// <param name="random">0 inclusive..1 exclusive.</param>
internal sealed class ReconnectDelay(TimeSpan longest, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);

    private int _failures;

    /// <summary>Tries that failed since the last <see cref="Reset"/>.</summary>
    public int Failures => _failures;

    public TimeSpan Next()
    {
        double doubled = First.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 20));
        return TimeSpan.FromSeconds(Math.Min(doubled, longest.TotalSeconds) * (0.5 + (0.5 * random())));
    }

    public void Reset() => _failures = 0;
}
