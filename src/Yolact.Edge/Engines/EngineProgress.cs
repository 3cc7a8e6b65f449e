using System.Globalization;

namespace Yolact.Edge.Engines;

/// <summary>Where the making of an engine stands.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Waiting">True while another process builds.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Expected">How long the last build of this model took, else of another one; null where none was built here.</param>
public readonly record struct EngineProgress(string Model, bool Waiting, TimeSpan Elapsed, TimeSpan? Expected)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string what = Waiting ? $"Waiting for another process that builds a TensorRT engine" : $"Building the TensorRT engine of {Model}";
        string expected = Expected is { } time ? $"the last build took {Words(time)}" : "a first build takes several minutes";
        return $"{what}: {Words(Elapsed)} so far, {expected}.";
    }

    private static string Words(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min");
}
