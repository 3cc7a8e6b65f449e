namespace Yolact.Edge.Doctor.Checks;

/// <summary>How much of the flash's life is used up: what an eMMC says of itself (JEDEC eMMC 5.0, in steps of 10 %).</summary>
internal static class StorageHealthCheck
{
    private const long Exceeded = 11, WarnFrom = 8, EndNear = 2, EndUrgent = 3;

    public static Diagnosis Run(CheckContext context)
    {
        List<Diagnosis> disks = [];
        foreach (string disk in context.Tree.List("/sys/block"))
        {
            string name = Path.GetFileName(disk);
            if (context.Tree.Text(disk + "/device/life_time") is { } life)
                disks.Add(Emmc(name, life, context.Tree.Number(disk + "/device/pre_eol_info") ?? 0));
            else if (name.StartsWith("nvme", StringComparison.Ordinal))
                disks.Add(Nvme(context.Tree, name));
            else if (name.StartsWith("mmcblk", StringComparison.Ordinal) && !name.Contains("boot", StringComparison.Ordinal))
                disks.Add(Diagnosis.Warning($"{name}: a memory card, which does not say how worn it is",
                    "For years of operation use eMMC or NVMe."));
        }
        return disks.Count == 0 ? Diagnosis.NotApplicable("no eMMC, NVMe or memory card") : Diagnosis.Worst(disks);
    }

    private static Diagnosis Emmc(string name, string life, long end)
    {
        // Two estimates, for the two kinds of memory cell; the worse one counts. 1 is 0 to 10 % used, 11 is more than planned.
        long used = life.Split(' ').Max(part => MachineTree.ParseNumber(part) ?? 0);
        string found = used is >= 1 and < Exceeded
            ? $"{name}: eMMC, {(used - 1) * 10} to {used * 10} % of its life used"
            : $"{name}: eMMC, life used {(used >= Exceeded ? "up" : "not known")}";
        if (used >= Exceeded || end >= EndUrgent)
            return Diagnosis.Failed(found, "Replace the module soon: it may turn read-only.");
        return used >= WarnFrom || end == EndNear
            ? Diagnosis.Warning(found, "Plan its replacement; look for what writes so much.")
            : Diagnosis.Ok(found);
    }

    // The kernel shows of an NVMe disk only whether it works; its wear needs nvme-cli and root.
    private static Diagnosis Nvme(MachineTree tree, string name)
    {
        string controller = name[..name.IndexOf('n', "nvme".Length)];
        string state = tree.Text($"/sys/class/nvme/{controller}/state") ?? "unknown";
        string? model = tree.Text($"/sys/class/nvme/{controller}/model");
        string found = $"{name}: NVMe {model}, {state} (its wear: sudo nvme smart-log /dev/{controller})";
        return state is "live" or "unknown"
            ? Diagnosis.Ok(found)
            : Diagnosis.Failed(found, "The disk does not work; check its seat and dmesg.");
    }
}
