using System.Diagnostics;

namespace Yolact.Edge.TestSupport;

/// <summary>Makes native libraries out of a few lines of C: what a test puts in the place of a vendor's.</summary>
public static class SharedObject
{
    private const string Compiler = "/usr/bin/cc";

    /// <summary>What to say where there is no compiler.</summary>
    public const string Missing = "No C compiler: install gcc and libc6-dev.";

    /// <summary>True where libraries can be made.</summary>
    public static bool CanCompile => File.Exists(Compiler) && File.Exists("/usr/include/stdio.h");

    /// <summary>Compiles a library.</summary>
    /// <param name="path">Of the library.</param>
    /// <param name="source">C.</param>
    /// <param name="arguments">More arguments of the compiler.</param>
    public static void Compile(string path, string source, params IEnumerable<string> arguments)
    {
        string file = path + ".c";
        File.WriteAllText(file, source);
        using Process compiler = Process.Start(new ProcessStartInfo(Compiler, ["-shared", "-fPIC", "-o", path, file, .. arguments])
        {
            RedirectStandardError = true,
        })!;
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
            throw new InvalidOperationException(errors);
    }
}
