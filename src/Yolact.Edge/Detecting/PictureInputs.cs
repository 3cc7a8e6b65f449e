using System.IO.Enumeration;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Detecting;

/// <summary>The pictures that a command line names.</summary>
public static class PictureInputs
{
    /// <summary>The pictures that a file, a folder or a pattern such as <c>parts/*.png</c> means, in order of their names.</summary>
    /// <param name="input">What the person typed.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<string> Resolve(string input)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        if (File.Exists(input))
            return [input];
        if (Directory.Exists(input))
            return NotEmpty(Pictures(input, "*", SearchOption.AllDirectories), $"the folder {input} holds no picture");
        string pattern = Path.GetFileName(input);
        string folder = Path.GetDirectoryName(input) is { Length: > 0 } named ? named : ".";
        return pattern.AsSpan().IndexOfAny('*', '?') >= 0 && Directory.Exists(folder)
            ? NotEmpty(Pictures(folder, pattern, SearchOption.TopDirectoryOnly), $"no picture matches {input}")
            : throw new FileNotFoundException($"There is no picture or folder {input}.");
    }

    private static List<string> Pictures(string folder, string pattern, SearchOption depth) =>
    [
        .. Directory.EnumerateFiles(folder, "*", depth)
            .Where(file => PictureFile.HasPictureExtension(file) && FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file)))
            .Order(StringComparer.Ordinal),
    ];

    private static List<string> NotEmpty(List<string> files, string otherwise) =>
        files.Count > 0 ? files : throw new FileNotFoundException($"{char.ToUpperInvariant(otherwise[0])}{otherwise[1..]}.");
}
