namespace Yolact.Edge.Doctor.Checks;

/// <summary>The wall clock is kept by a time service: TLS and messages' times depend on it.</summary>
internal static class ClockCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        if (context.IsClockSynchronized())
            return Diagnosis.Ok("synchronised");
        bool battery = context.Tree.List("/sys/class/rtc", "rtc*").Count > 0;
        return Diagnosis.Warning($"not synchronised{(battery ? "" : ", and there is no clock that runs without power")}",
            "Switch a time service on (timedatectl set-ntp true) and let it reach a server (/etc/systemd/timesyncd.conf)."
            + " Messages say so meanwhile.");
    }
}
