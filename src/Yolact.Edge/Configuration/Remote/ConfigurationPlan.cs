namespace Yolact.Edge.Configuration.Remote;

/// <summary>What a changed setting touches.</summary>
[Flags]
public enum Touched
{
    /// <summary>Nothing that runs.</summary>
    None = 0,

    /// <summary>What is made of a frame (thresholds, rules, model, messages): exchanged between two frames.</summary>
    Recipe = 1,

    /// <summary>Camera, trigger and lines: capture ends, accepted frames are finished, and it begins anew.</summary>
    Capture = 2,

    /// <summary>The connection to the broker: it is closed in order and made anew.</summary>
    Connection = 4,

    /// <summary>How often figures are published.</summary>
    Telemetry = 8,

    /// <summary>What only the start of the program reads.</summary>
    Restart = 16,
}

/// <summary>How to get from what runs to a new document.</summary>
/// <param name="Touched">Everything that the change touches.</param>
/// <param name="Restart">Pointers of the changed settings that wait for the next start.</param>
public sealed record ConfigurationPlan(Touched Touched, IReadOnlyList<string> Restart)
{
    // The first that fits decides. What is not named here waits for a restart: that is always right.
    private static readonly (string Place, Touched Touched)[] Table =
    [
        ("/version", Touched.Recipe),
        ("/rules", Touched.Recipe),
        ("/detections", Touched.Recipe),
        ("/detector", Touched.Recipe),
        ("/model/slots", Touched.Capture),
        ("/model/queue", Touched.Capture),
        ("/model", Touched.Recipe),
        ("/cameras", Touched.Capture),
        ("/evidence", Touched.Capture),
        ("/gpio", Touched.Capture),
        ("/lines", Touched.Capture),
        ("/belt", Touched.Capture),
        ("/mqtt/promised_queue", Touched.Restart),
        ("/mqtt/live_queue", Touched.Restart),
        ("/mqtt/outbox", Touched.Restart),
        ("/mqtt/commands", Touched.Restart),
        ("/mqtt", Touched.Connection),
        ("/telemetry/health_interval_s", Touched.Telemetry),
    ];

    /// <summary>Everything: for a document that begins with the program.</summary>
    public static ConfigurationPlan Start { get; } = new(Touched.Recipe | Touched.Capture | Touched.Telemetry, []);

    /// <summary>The plan for a change.</summary>
    /// <param name="changed">Pointers of what differs.</param>
    public static ConfigurationPlan For(IEnumerable<string> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var touched = Touched.None;
        List<string> restart = [];
        foreach (string pointer in changed)
        {
            Touched one = Of(pointer);
            touched |= one;
            if (one == Touched.Restart)
                restart.Add(pointer);
        }
        return new(touched, restart);
    }

    private static Touched Of(string pointer)
    {
        foreach ((string place, Touched touched) in Table)
        {
            if (JsonPointer.IsWithin(pointer, place))
                return touched;
        }
        return Touched.Restart;
    }

    /// <summary>True where something of it is touched.</summary>
    /// <param name="what">Of the plan.</param>
    public bool Touches(Touched what) => (Touched & what) != 0;
}
