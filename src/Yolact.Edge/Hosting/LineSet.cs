using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Simulation.Lines;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Hosting;

/// <summary>The appliance's input and output lines: the machine's, or the belt's.</summary>
public sealed class LineSet : IDisposable
{
    private readonly IDisposable[] _owned;

    private LineSet(IReadOnlyDictionary<string, IInputLine> inputs, IReadOnlyDictionary<string, IOutputLine> outputs, params IDisposable[] owned) =>
        (Inputs, Outputs, _owned) = (inputs, outputs, owned);

    /// <summary>Input lines by name.</summary>
    public IReadOnlyDictionary<string, IInputLine> Inputs { get; }

    /// <summary>Output lines by name.</summary>
    public IReadOnlyDictionary<string, IOutputLine> Outputs { get; }

    /// <summary>Opens the lines.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="world">The belt, where input lines are its; null without any.</param>
    /// <param name="clock">The clock of edges.</param>
    /// <exception cref="IOException">A line cannot be opened.</exception>
    public static LineSet Open(GpioOptions options, BeltWorld? world, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        switch (options.Driver)
        {
            case GpioDriverKind.None:
                return new LineSet(new Dictionary<string, IInputLine>(), new Dictionary<string, IOutputLine>());
            case GpioDriverKind.Belt:
                Dictionary<string, IInputLine> inputs = options.Inputs.ToDictionary(
                    line => line.Name, IInputLine (line) => new BeltInputLine(line.Name, world!, new BeltInputLineOptions(), clock));
                LevelFile? levels = options.LevelFile is { } path ? new LevelFile(path, options.Outputs.Select(line => line.Name)) : null;
                Dictionary<string, IOutputLine> outputs = options.Outputs.ToDictionary(
                    line => line.Name, IOutputLine (line) => Output(line.Name, levels, clock));
                return new LineSet(inputs, outputs, [.. inputs.Values, .. outputs.Values, .. levels is null ? (IDisposable[])[] : [levels]]);
            default:
                return OfMachine(options, clock);
        }
    }

    private static LineSet OfMachine(GpioOptions options, TimeProvider clock)
    {
        try
        {
            GpioLines lines = GpioLines.Open(options, clock);
            return new LineSet(lines.Inputs, lines.Outputs, lines);
        }
        catch (NotSupportedException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static BeltOutputLine Output(string name, LevelFile? levels, TimeProvider clock)
    {
        var line = new BeltOutputLine(name, clock);
        if (levels is not null)
            line.Changed += change => levels.Set(name, change.Active);
        return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
    }
}
