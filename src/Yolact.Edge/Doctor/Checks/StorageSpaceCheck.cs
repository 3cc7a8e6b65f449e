using System.Globalization;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>There is room for the outbox, engines, evidence and logs.</summary>
internal static class StorageSpaceCheck
{
    private const double MiB = 1024 * 1024, WarnBelowMiB = 2048, FailBelowMiB = 256;

    private static readonly string[] Folders = ["/var/lib/yolact-edge", "/var/cache/yolact-edge", "/var/log"];

    private const string Advice =
        "Make room: journalctl --vacuum-size=100M, apt clean, 'yolact-edge model list' for models that are not used.";

    public static Diagnosis Run(CheckContext context)
    {
        List<Diagnosis> disks = [];
        // Folders with the same figures lie on one disk.
        foreach (IGrouping<(long Free, long Total)?, string> disk in
            Folders.GroupBy(folder => context.Space(context.Tree.Locate(folder))))
        {
            if (disk.Key is { } space)
                disks.Add(Judge(space.Free / MiB, space.Total / MiB, string.Join(", ", disk)));
        }
        return disks.Count == 0 ? Diagnosis.NotApplicable("the disks cannot be asked") : Diagnosis.Worst(disks);
    }
    private static Diagnosis Judge(double free, double total, string folders)
    {
        string found = string.Create(CultureInfo.InvariantCulture, $"{free:0} MiB of {total:0} MiB free for {folders}");
        if (free < FailBelowMiB)
            return Diagnosis.Failed(found, Advice);
        return free < WarnBelowMiB ? Diagnosis.Warning(found, Advice) : Diagnosis.Ok(found);
    }
}
