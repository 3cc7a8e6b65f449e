namespace Yolact.Edge.Vision.Drawing;

/// <summary>
/// A font of 5 x 7 pixels for printable ASCII, so that pictures look the same on every machine, with or without fonts installed.
/// </summary>
internal static class PixelFont
{
    /// <summary>Columns of a character.</summary>
    public const int Width = 5;

    /// <summary>Rows of a character.</summary>
    public const int Height = 7;

    /// <summary>Columns from one character to the next.</summary>
    public const int Advance = Width + 1;

    private const char First = ' ', Unknown = '?';

    // Bit 5 y + x of a character is its pixel in row y, column x.
    private static ReadOnlySpan<ulong> Glyphs =>
    [
        0x000000000, 0x100421084, 0x00000294A, 0x295F57D4A, 0x11F4717C4, 0x632222263,  //  !"#$%
        0x593511526, 0x000001084, 0x208210888, 0x088842082, 0x02AEFBAA0, 0x0084F9080,  // &'()*+
        0x088600000, 0x0000F8000, 0x18C000000, 0x042222210, 0x3A33AE62E, 0x3884210C4,  // ,-./01
        0x7C444422E, 0x3A306422E, 0x211F4A988, 0x3A3083C3F, 0x3A317844C, 0x08422221F,  // 234567
        0x3A317462E, 0x1910F462E, 0x00C6018C0, 0x0886018C0, 0x208208888, 0x001F07C00,  // 89:;<=
        0x088882082, 0x10044422E, 0x783DAF62E, 0x4631FC62E, 0x3E317C62F, 0x3A210862E,  // >?@ABC
        0x3E318C62F, 0x7C217843F, 0x04217843F, 0x7A31E862E, 0x4631FC631, 0x38842108E,  // DEFGHI
        0x19284211C, 0x452519531, 0x7C2108421, 0x4631AD771, 0x4639ACE31, 0x3A318C62E,  // JKLMNO
        0x04217C62F, 0x59358C62E, 0x45257C62F, 0x3E107043E, 0x10842109F, 0x3A318C631,  // PQRSTU
        0x11518C631, 0x4775AC631, 0x462A22A31, 0x108422A31, 0x7C222221F, 0x38421084E,  // VWXYZ[
        0x420820821, 0x39084210E, 0x000004544, 0x7C0000000, 0x000002082, 0x7A3E83800,  // \]^_`a
        0x3E318BC21, 0x78210F800, 0x7A318FA10, 0x383F8B800, 0x084238A4C, 0x3A1E8C7C0,  // bcdefg
        0x46319B421, 0x388421804, 0x192843008, 0x24A32A421, 0x388421086, 0x56B5AAC00,  // hijklm
        0x46319B400, 0x3A318B800, 0x042F8BC00, 0x421E8F800, 0x04219B400, 0x3E0E0F800,  // nopqrs
        0x324211C42, 0x5B318C400, 0x11518C400, 0x2AB58C400, 0x454454400, 0x3A1E8C400,  // tuvwxy
        0x7C4447C00, 0x208411088, 0x108421084, 0x088441082, 0x0009AC800,  // z{|}~
    ];

    /// <summary>True where the character has a pixel; characters outside ASCII look like question marks.</summary>
    /// <param name="character">The character.</param>
    /// <param name="x">Column, 0..4.</param>
    /// <param name="y">Row, 0..6.</param>
    public static bool HasPixel(char character, int x, int y)
    {
        int index = character - First;
        if ((uint)index >= (uint)Glyphs.Length)
            index = Unknown - First;
        return (Glyphs[index] >> ((Width * y) + x) & 1) != 0;
    }
}
