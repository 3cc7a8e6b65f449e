using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Vision.Engines;

/// <summary>
/// ONNX Runtime's official Linux builds send usage data to their maker from 1.29 on, unless an environment variable says no
/// before the library is loaded. An appliance sends nothing that it was not told to.
/// </summary>
public static partial class RuntimeTelemetry
{
    /// <summary>The environment variable that the native library reads.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Says no, in the process's own environment: .NET's copy of it is not what the native library sees.</summary>
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "Whoever uses this library, tests too, must come before ONNX Runtime.")]
    [ModuleInitializer]
    public static void SwitchOff()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetVariable(Variable, "1", 1);
    }

    /// <summary>What the native library will read; null where nothing was set.</summary>
    internal static string? Native() => Marshal.PtrToStringUTF8(GetVariable(Variable));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
