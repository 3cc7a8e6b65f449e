using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The machine has GPIO chips, and the configured ones are among them.</summary>
internal static class GpioChipsCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        if (Wanted(context) is not { } wanted)
            return Diagnosis.NotApplicable("no GPIO lines of this machine are configured");
        try
        {
            string[] labels = [.. context.Chips().Select(chip => chip.Label)];
            string found = labels.Length == 0 ? "no GPIO chip" : $"chips {string.Join(", ", labels)}";
            string[] missing = [.. wanted.Select(line => line.Chip).OfType<string>().Distinct().Except(labels)];
            if (labels.Length == 0)
                return Diagnosis.Failed(found, "The kernel has no GPIO chip here; use driver belt, none or expander.");
            string absent = string.Join(", ", missing);
            return missing.Length == 0
                ? Diagnosis.Ok(found)
                : Diagnosis.Failed($"{found}; {absent} is none of them", "Name a chip by one of these labels.");
        }
        catch (IOException error)
        {
            return Diagnosis.Failed(error.Message,
                "Add the user to the group gpio, and check the udev rule 60-yolact-edge.rules.");
        }
    }

    /// <summary>The configured lines of this machine's chips; null for none.</summary>
    public static IReadOnlyList<LineOptions>? Wanted(CheckContext context) =>
        context.Options?.Gpio is { Driver: GpioDriverKind.CharacterDevice or GpioDriverKind.Libgpiod } gpio
            && gpio.Inputs.Count + gpio.Outputs.Count > 0
            ? [.. gpio.Inputs, .. gpio.Outputs]
            : null;
}
