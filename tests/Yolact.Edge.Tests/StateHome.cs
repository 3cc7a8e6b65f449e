using System.Runtime.CompilerServices;

namespace Yolact.Edge.Tests;

/// <summary>Tests, and programs that they start, keep their state in a folder of this run's and not in the user's.</summary>
internal static class StateHome
{
    [ModuleInitializer]
    internal static void Set()
    {
        string folder = Directory.CreateTempSubdirectory("yolact-state-").FullName;
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
