namespace Yolact.Edge.Configuration;

/// <summary>Where the program keeps what has to outlive it.</summary>
public static class StateFolder
{
    /// <summary>systemd's state directory (<c>StateDirectory=</c>), else <c>yolact-edge</c> in the user's data folder.</summary>
    public static string Path => Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } state
        ? state
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "yolact-edge");
}
