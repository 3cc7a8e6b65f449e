using System.Text.RegularExpressions;
using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>
/// On a Jetson from JetPack 6 on a pin must be put into GPIO mode by the device tree; a line of a pin that has another function
/// opens, and then does nothing. The kernel shows in debugfs which function each pin has (pinctrl subsystem, <c>pinmux-pins</c>).
/// </summary>
internal static partial class PinmuxCheck
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline;
    private const string Pinctrl = "/sys/kernel/debug/pinctrl";

    public static Diagnosis Run(CheckContext context)
    {
        if (!context.IsJetson)
            return Diagnosis.NotApplicable("no Jetson: its pins are not the kernel's to choose");
        if (GpioChipsCheck.Wanted(context) is not { } lines)
            return Diagnosis.NotApplicable("no GPIO lines of this machine are configured");
        Dictionary<string, string> functions = [];
        foreach (string table in context.Tree.List(Pinctrl).Select(controller => controller + "/pinmux-pins"))
        {
            foreach (Match pin in Pin().Matches(context.Tree.Text(table) ?? ""))
                functions[pin.Groups["name"].Value] = pin.Groups["function"].Value;
        }
        if (functions.Count == 0)
            return Diagnosis.NotApplicable($"{Pinctrl} cannot be read: run the doctor as root");
        Diagnosis[] pins = [.. lines.Where(line => line.Line is not null).Select(line => Judge(line, functions))];
        return pins.Length == 0 ? Diagnosis.NotApplicable("the configured lines have numbers, not names") : Diagnosis.Worst(pins);
    }

    private static Diagnosis Judge(LineOptions line, Dictionary<string, string> functions)
    {
        // Line PAC.06 is pin SOC_GPIO41_PAC6: the port's letters, and the number without its zero.
        string suffix = string.Concat("_",
            line.Line!.Replace(".0", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal));
        string? pin = functions.Keys.FirstOrDefault(name => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        if (pin is null)
            return Diagnosis.NotApplicable($"{line.Line} has no pin in {Pinctrl}");
        return functions[pin].Length == 0
            ? Diagnosis.Ok($"no driver claims {pin} ({line.Line})")
            : Diagnosis.Failed($"{pin} ({line.Line}) has function {functions[pin]}",
                "Put the pin into GPIO mode: an overlay by jetson-io for development, the pinmux spreadsheet at flash for production"
                + " (jetson/README.md).");
    }

    // pin 85 (SPI1_SCK_PZ3): 3210000.spi (GPIO UNCLAIMED) function spi1 group spi1_sck_pz3
    // pin 144 (SOC_GPIO41_PAC6): (MUX UNCLAIMED) (GPIO UNCLAIMED)
    [GeneratedRegex(@"^pin \d+ \((?<name>[^)]+)\):(?:.* function (?<function>\S+))?", Options)]
    private static partial Regex Pin();
}
