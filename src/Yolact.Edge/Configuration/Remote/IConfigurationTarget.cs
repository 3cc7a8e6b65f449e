namespace Yolact.Edge.Configuration.Remote;

/// <summary>What a configuration is applied to: the appliance, or a simulated one.</summary>
public interface IConfigurationTarget
{
    /// <summary>Lets a configuration run instead of what runs. Called anew with what ran before where it fails on the way.</summary>
    /// <param name="configuration">Valid.</param>
    /// <param name="plan">What differs from what runs.</param>
    /// <param name="cancellation">The program stops.</param>
    /// <exception cref="ConfigurationFailedException">It cannot run; says why.</exception>
    Task ApplyAsync(LoadedConfiguration configuration, ConfigurationPlan plan, CancellationToken cancellation);

    /// <summary>Lets only what steers the device run: the connection and the page.</summary>
    /// <param name="configuration">Of it the connection is used.</param>
    /// <param name="errors">Why.</param>
    /// <param name="cancellation">The program stops.</param>
    Task EnterSafeModeAsync(LoadedConfiguration configuration, IReadOnlyList<ConfigurationError> errors, CancellationToken cancellation);

    /// <summary>Waits until what was applied has proved itself: a self-test picture inferred, the camera delivering, the broker reached.</summary>
    /// <param name="plan">What was applied.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">The program stops.</param>
    /// <returns>What did not come about in time; empty where everything did.</returns>
    Task<IReadOnlyList<ConfigurationError>> ProveAsync(ConfigurationPlan plan, TimeSpan limit, CancellationToken cancellation);
}

/// <summary>A configuration cannot run on this device as it is.</summary>
public sealed class ConfigurationFailedException : Exception
{
    /// <summary>One thing that is wrong.</summary>
    /// <param name="pointer">Where.</param>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="inner">The cause.</param>
    public ConfigurationFailedException(string pointer, string message, Exception? inner = null)
        : this([new(pointer, message)], ReportCode.TrialFailed, inner)
    {
    }

    /// <summary>Several things that are wrong.</summary>
    /// <param name="errors">Each with its place.</param>
    /// <param name="code">What to report.</param>
    /// <param name="inner">The cause.</param>
    public ConfigurationFailedException(IReadOnlyList<ConfigurationError> errors, int code, Exception? inner = null)
        : base(string.Join("; ", errors), inner) => (Errors, Code) = (errors, code);

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }

    /// <summary>What to report.</summary>
    public int Code { get; }

    /// <summary>
    /// True where it may go well another time with the same document, such as a download without a network: the document is not remembered
    /// as failed, and tried again when it comes again.
    /// </summary>
    public bool MayPass { get; init; }
}
