using System.Globalization;

namespace Yolact.Edge.Doctor;

/// <summary>
/// A machine's files below a folder that stands for <c>/</c>: what is not there or not readable is null or empty, never an error.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class MachineTree(string root)
{
    /// <summary>True for this machine itself, which can be asked more than its files say.</summary>
    public bool IsLive { get; } = Path.GetFullPath(root) == "/";

    /// <summary>Where an absolute path of the machine lies.</summary>
    public string Locate(string path) => Path.Combine(root, path.TrimStart('/'));

    /// <summary>True where a file, folder or device is there.</summary>
    public bool Exists(string path) => Path.Exists(Locate(path));

    /// <summary>A text without the white space and zeros around it; device-tree texts end in a zero.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Locate(path)).Trim('\0', '\n', '\r', ' ', '\t');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Name of the file that a link leads to in the end; of the file itself where it is none.</summary>
    public string TargetName(string path)
    {
        try
        {
            return new FileInfo(Locate(path)).ResolveLinkTarget(returnFinalTarget: true)?.Name ?? Path.GetFileName(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFileName(path);
        }
    }

    /// <summary>A number, decimal or hexadecimal with 0x.</summary>
    public long? Number(string path) => Text(path) is { } text ? ParseNumber(text) : null;

    /// <summary>Reads a number, decimal or hexadecimal with 0x.</summary>
    public static long? ParseNumber(string text)
    {
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = hexadecimal ? NumberStyles.HexNumber : NumberStyles.Integer;
        return long.TryParse(hexadecimal ? text[2..] : text, style, CultureInfo.InvariantCulture, out long value) ? value : null;
    }

    /// <summary>Paths of a folder's entries that match a pattern, in order of their names, as paths of the machine.</summary>
    public IReadOnlyList<string> List(string folder, string pattern = "*")
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Locate(folder), pattern)
                .Select(entry => $"{folder.TrimEnd('/')}/{Path.GetFileName(entry)}").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
