using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>Every configured line is there once, and nobody else holds it.</summary>
internal static class GpioLinesCheck
{
    // What the appliance itself is called where it holds a line.
    private const string Own = "yolact-edge";

    public static Diagnosis Run(CheckContext context)
    {
        if (GpioChipsCheck.Wanted(context) is not { } wanted)
            return Diagnosis.NotApplicable("no GPIO lines of this machine are configured");
        try
        {
            IReadOnlyList<GpioChip> chips = context.Chips();
            return Diagnosis.Worst([.. wanted.Select(line => Judge(line, chips))]);
        }
        catch (IOException error)
        {
            return Diagnosis.Failed(error.Message,
                "Add the user to the group gpio, and check the udev rule 60-yolact-edge.rules.");
        }
    }

    private static Diagnosis Judge(LineOptions line, IReadOnlyList<GpioChip> chips)
    {
        bool IsWanted(GpioChipLine candidate) =>
            line.Offset is { } offset ? candidate.Offset == offset : candidate.Name == line.Line;
        (GpioChip Chip, GpioChipLine Line)[] found = [.. chips.Where(chip => line.Chip is null || chip.Label == line.Chip)
            .SelectMany(chip => chip.Lines.Where(IsWanted).Select(candidate => (chip, candidate)))];
        string wanted = $"{line.Name} = {line.Line ?? $"number {line.Offset}"}";
        if (found.Length == 0)
            return Diagnosis.Failed($"{wanted} is not there",
                "gpioinfo lists the lines; jetson/README.md has the names of the 40-pin header.");
        if (found.Length > 1)
            return Diagnosis.Failed($"{wanted} is on {string.Join(" and ", found.Select(place => place.Chip.Label))}",
                "Give the chip's label.");
        (GpioChip chip, GpioChipLine state) = found[0];
        if (state.IsUsed && state.Consumer != Own)
        {
            string holder = state.Consumer.Length == 0 ? "the kernel" : state.Consumer;
            return Diagnosis.Failed($"{wanted} on {chip.Label} is held by {holder}", "End that program, or take another line.");
        }
        return Diagnosis.Ok($"{wanted} on {chip.Label}{(state.IsUsed ? ", held by the appliance" : "")}");
    }
}
