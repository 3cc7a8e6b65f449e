using System.Text;

namespace Yolact.Edge.Simulation.Lines;

/// <summary>
/// The levels of the belt's output lines in a file, as a chip would hold them: they outlive the program that set them, however it ended. A
/// text of one row a line, <c>1 reject</c> for an active one, of which only the digits ever change: <c>watch cat FILE</c> shows the lines.
/// </summary>
public sealed class LevelFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<string, long> _places = [];

    /// <summary>Takes the file, making it where it is not there; every line is inactive then.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">Names of the lines.</param>
    /// <exception cref="IOException">The file cannot be written, or another program holds it.</exception>
    public LevelFile(string path, IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            _places.Add(line, Encoding.UTF8.GetByteCount(text.ToString()));
            text.Append("0 ").Append(line).Append('\n');
        }
        // Readers are welcome; a second writer is what a chip would refuse, too.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        _file.Write(bytes);
        _file.SetLength(bytes.Length);
    }

    /// <summary>Notes a level. Waits for no disk: the page is the kernel's.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="active">Its level.</param>
    public void Set(string line, bool active) => RandomAccess.Write(_file.SafeFileHandle, active ? "1"u8 : "0"u8, _places[line]);

    /// <summary>Lets go of the file; levels stay.</summary>
    public void Dispose() => _file.Dispose();
}
