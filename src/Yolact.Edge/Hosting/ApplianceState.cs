namespace Yolact.Edge.Hosting;

/// <summary>What pages, health checks and the terminal look at.</summary>
public sealed class ApplianceState
{
    private Appliance? _appliance;

    /// <summary>The running appliance; null before it runs and after.</summary>
    public Appliance? Appliance
    {
        get => Volatile.Read(ref _appliance);
        set => Volatile.Write(ref _appliance, value);
    }

    /// <summary>Address of the broker.</summary>
    public string Broker { get; set; } = "";

    /// <summary>Address of the live page; null where there is none.</summary>
    public string? Page { get; set; }

    /// <summary>What the process shall end with.</summary>
    public int ExitCode { get; set; } = Commands.ExitCode.Ok;
}
