using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Outputs;

/// <summary>
/// Drives output lines: levels now (busy, ready), pulses at a moment (strobe), and results, which are promised when their edge comes,
/// decided when inference is done, and carried out at their time either way: as decided, or, without a decision by the deadline, as the
/// fail-safe says. Nothing here waits for disk, broker or another thread's work. Safe for use from several threads.
/// </summary>
/// <remarks>Overlapping pulses of one line are one pulse that ends with the last of them. Reports come on the calling or the scheduler's
/// thread, one at a time, under a lock: the handler must neither block nor call back.</remarks>
public sealed class OutputScheduler : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Action<OutputReport> _report;
    private readonly Dictionary<string, OutputState> _lines = [];
    private readonly Dictionary<(string Line, long Edge), Promise> _promises = [];
    private readonly PriorityQueue<Step, (long Due, long Order)> _steps = new();
    private readonly IWakeUp _wakeUp;
    private long _order;
    private bool _stopped;

    private enum StepKind
    {
        Start,
        End,
        Decide,
        Expire,
    }

    private readonly record struct Step(StepKind Kind, OutputPulse Pulse);

    private readonly record struct Promise(OutputPulse Pulse, bool FailSafe, bool? Decision);

    /// <summary>A scheduler.</summary>
    /// <param name="clock">The clock of edges and pulses. <see cref="TimeProvider.System"/> is served by a thread of its own that a busy
    /// thread pool cannot delay; any other by the clock's timers.</param>
    /// <param name="lines">The lines and their safe levels; each is set to it at once. The scheduler does not dispose of them.</param>
    /// <param name="report">Receives reports.</param>
    /// <exception cref="ArgumentException">Two lines have one name.</exception>
    public OutputScheduler(TimeProvider clock, IEnumerable<(IOutputLine Line, bool SafeActive)> lines, Action<OutputReport> report)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(report);
        _clock = clock;
        _report = report;
        foreach ((IOutputLine line, bool safe) in lines)
        {
            if (!_lines.TryAdd(line.Name, new(line, safe)))
                throw new ArgumentException($"two output lines are called {line.Name}", nameof(lines));
        }
        foreach (OutputState state in _lines.Values)
            Drive(state, state.SafeActive, default);
        _wakeUp = clock == TimeProvider.System ? new ThreadWakeUp(RunDue) : new TimerWakeUp(clock, RunDue);
    }

    /// <summary>Sets a line's level now. A running pulse of the line goes on, and ends at this level.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="active">The level.</param>
    /// <exception cref="ArgumentException">No such line.</exception>
    public void Set(string line, bool active)
    {
        lock (_lock)
        {
            OutputState state = Find(line);
            if (_stopped)
                return;
            state.Level = active;
            if (state.PulsesUntil is null)
                Drive(state, active, default);
        }
    }

    /// <summary>Gives a pulse at its time: the opposite of the line's resting level.</summary>
    /// <param name="pulse">The pulse.</param>
    /// <exception cref="ArgumentException">No such line.</exception>
    public void Pulse(OutputPulse pulse)
    {
        lock (_lock)
        {
            Find(pulse.Line);
            Check(pulse);
            if (_stopped)
                Report(OutputReportKind.Cancelled, pulse, fired: false);
            else
                Plan(StepKind.Start, pulse, pulse.At.Nanoseconds);
            RunDue();
        }
    }

    /// <summary>Promises a result for an edge: at <see cref="OutputPulse.At"/> the line is pulsed if that was decided; without a decision
    /// by <see cref="OutputPulse.At"/> plus tolerance, <paramref name="failSafe"/> is carried out and reported.</summary>
    /// <param name="pulse">The pulse that a positive decision gives; its <see cref="OutputPulse.Edge"/> names the promise.</param>
    /// <param name="failSafe">True: an undecided part gets the pulse.</param>
    /// <exception cref="ArgumentException">No such line, or the line has a promise for that edge already.</exception>
    public void Expect(OutputPulse pulse, bool failSafe)
    {
        lock (_lock)
        {
            Find(pulse.Line);
            Check(pulse);
            if (_stopped)
            {
                Report(OutputReportKind.Cancelled, pulse, fired: false);
                return;
            }
            if (!_promises.TryAdd((pulse.Line, pulse.Edge), new(pulse, failSafe, null)))
                throw new ArgumentException($"line {pulse.Line} has a promise for edge {pulse.Edge} already", nameof(pulse));
            Plan(StepKind.Decide, pulse, pulse.At.Nanoseconds);
            Plan(StepKind.Expire, pulse, (pulse.At + pulse.Tolerance).Nanoseconds);
            RunDue();
        }
    }

    /// <summary>Decides a promised result.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="edge">The edge's id.</param>
    /// <param name="fire">True: pulse.</param>
    /// <returns>False where it is too late, or nothing was promised; that is reported.</returns>
    public bool Decide(string line, long edge, bool fire)
    {
        lock (_lock)
        {
            // Whatever is due by now happened before this decision.
            RunDue();
            if (!_promises.TryGetValue((line, edge), out Promise promise) || promise.Decision is not null)
            {
                Report(OutputReportKind.DecisionIgnored, new(line, default, default, default, edge), fired: false);
                return false;
            }
            if (promise.Pulse.At > MonotonicTime.Now(_clock))
            {
                _promises[(line, edge)] = promise with { Decision = fire };
                return true;
            }
            _promises.Remove((line, edge));
            if (fire)
                Begin(promise.Pulse);
            RunDue();
            return true;
        }
    }

    /// <summary>Stops: nothing pulses any more, every line goes to its safe level.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
            foreach (Promise promise in _promises.Values)
                Report(OutputReportKind.Cancelled, promise.Pulse, fired: false);
            while (_steps.TryDequeue(out Step step, out _))
            {
                if (step.Kind == StepKind.Start)
                    Report(OutputReportKind.Cancelled, step.Pulse, fired: false);
            }
            _promises.Clear();
            foreach (OutputState state in _lines.Values)
                Drive(state, state.SafeActive, default);
        }
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        Stop();
        _wakeUp.Dispose();
    }

    private static void Check(OutputPulse pulse)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pulse.Length, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(pulse.Tolerance, TimeSpan.Zero);
    }

    private OutputState Find(string line) =>
        _lines.TryGetValue(line, out OutputState? state) ? state : throw new ArgumentException($"there is no output line {line}", nameof(line));

    private void Plan(StepKind kind, OutputPulse pulse, long due) => _steps.Enqueue(new(kind, pulse), (due, _order++));

    private void RunDue()
    {
        lock (_lock)
        {
            while (_steps.TryPeek(out Step step, out (long Due, long Order) next))
            {
                if (next.Due > MonotonicTime.Now(_clock).Nanoseconds)
                {
                    _wakeUp.At(next.Due);
                    return;
                }
                _steps.Dequeue();
                Run(step);
            }
            _wakeUp.At(null);
        }
    }

    private void Run(Step step)
    {
        OutputPulse pulse = step.Pulse;
        switch (step.Kind)
        {
            case StepKind.Start:
                Begin(pulse);
                break;
            case StepKind.End:
                OutputState state = _lines[pulse.Line];
                if (state.PulsesUntil is not { } until || until > pulse.At.Nanoseconds)
                    break;
                state.PulsesUntil = null;
                Drive(state, state.Level, pulse);
                break;
            case StepKind.Decide when _promises.TryGetValue((pulse.Line, pulse.Edge), out Promise promise) && promise.Decision is { } fire:
                _promises.Remove((pulse.Line, pulse.Edge));
                if (fire)
                    Begin(pulse);
                break;
            case StepKind.Expire when _promises.Remove((pulse.Line, pulse.Edge), out Promise promise):
                // On time only if the schedule itself was: a fail-safe pulse may use the tolerance once more.
                bool fired = promise.FailSafe && Fire(pulse);
                Report(OutputReportKind.FailSafe, pulse, fired);
                break;
        }
    }

    private void Begin(OutputPulse pulse)
    {
        if (MonotonicTime.Now(_clock) > pulse.At + pulse.Tolerance)
            Report(OutputReportKind.TooLate, pulse, fired: false);
        else if (Fire(pulse))
            Report(OutputReportKind.Pulsed, pulse, fired: true);
    }

    private bool Fire(OutputPulse pulse)
    {
        OutputState state = _lines[pulse.Line];
        if (!Drive(state, !state.Level, pulse))
            return false;
        MonotonicTime end = MonotonicTime.Now(_clock) + pulse.Length;
        state.PulsesUntil = Math.Max(state.PulsesUntil ?? 0, end.Nanoseconds);
        Plan(StepKind.End, pulse with { At = end }, end.Nanoseconds);
        return true;
    }

    private bool Drive(OutputState state, bool active, OutputPulse pulse)
    {
        try
        {
            state.Line.Set(active);
            return true;
        }
        catch (IOException error)
        {
            _report(new(OutputReportKind.LineFailed, state.Line.Name, pulse.Edge, pulse.At, MonotonicTime.Now(_clock), false, error.Message));
            return false;
        }
    }

    private void Report(OutputReportKind kind, OutputPulse pulse, bool fired) =>
        _report(new(kind, pulse.Line, pulse.Edge, pulse.At, MonotonicTime.Now(_clock), fired));
}
