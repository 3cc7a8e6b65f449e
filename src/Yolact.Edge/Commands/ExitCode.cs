namespace Yolact.Edge.Commands;

/// <summary>What the program's exit code tells a script or systemd.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>It failed on the way: the message says at what.</summary>
    public const int Failed = 1;

    /// <summary>Bad input: command line, configuration, image, model or checkpoint. Trying again will not help.</summary>
    public const int BadInput = 2;

    /// <summary>
    /// The appliance ended because somebody asked for a restart (<c>EX_TEMPFAIL</c> of sysexits.h): systemd starts it again, by
    /// <c>Restart=on-failure</c>.
    /// </summary>
    public const int Restart = 75;

    /// <summary>Stopped by Ctrl-C or SIGTERM before it was done.</summary>
    public const int Cancelled = 130;
}
