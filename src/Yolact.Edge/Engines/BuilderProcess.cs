using System.Diagnostics;
using System.Text.Json;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Engines;

/// <summary>
/// Builds in a process of its own, this program's <c>engine worker</c>: a build takes several times the memory that a running engine takes, and
/// when the kernel has to kill something for memory it shall be the build. The child ends when this process does.
/// </summary>
/// <param name="command">Program and arguments of the child; null for this program's.</param>
public sealed class BuilderProcess(IReadOnlyList<string>? command = null) : IEngineBuilder
{
    private const int KilledCode = 128; // plus the signal's number
    private const int KillSignal = 9;
    private const int MaxErrorLength = 2000;

    private readonly IReadOnlyList<string> _command = command ?? Own();

    /// <inheritdoc/>
    public void Build(EngineRequest request, string folder, CancellationToken cancellation)
    {
        using Process child = Start(folder);
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
            Send(child, request);
            using CancellationTokenRegistration stop = cancellation.Register(() => Kill(child));
            child.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            if (child.ExitCode != 0)
                throw Failure(request, child.ExitCode, errors.GetAwaiter().GetResult());
        }
        finally
        {
            Kill(child);
        }
    }

    private Process Start(string folder)
    {
        var start = new ProcessStartInfo(_command[0], [.. _command.Skip(1), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            Process child = Process.Start(start)!;
            child.OutputDataReceived += static (_, _) => { }; // TensorRT's log: a full pipe would stop the build
            child.BeginOutputReadLine();
            return child;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new EngineException($"The process that builds engines could not be started ({_command[0]}: {error.Message.TrimEnd('.')}).", lasting: false, error);
        }
    }

    // The input stays open for as long as the build is wanted: its end tells the child that this process is gone.
    private static void Send(Process child, EngineRequest request)
    {
        try
        {
            string json = JsonSerializer.Serialize(request, EngineJson.Default.EngineRequest).ReplaceLineEndings("");
            child.StandardInput.WriteLine(json);
            child.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already: its exit code says why.
        }
    }

    private static EngineException Failure(EngineRequest request, int code, string errors)
    {
        string model = Path.GetFileName(request.Model);
        if (code == KilledCode + KillSignal)
        {
            return new EngineException(
                $"The build of {model}'s engine was killed (signal {KillSignal}), most likely because memory ran out. Nothing half-built was kept. Free memory, lower "
                + "engine/memory_budget_mib or engine/tensorrt/workspace_mib, or build it on another device of this kind and use 'yolact-edge engine import'.", lasting: false);
        }
        string reason = code > KilledCode ? $"it ended by signal {code - KilledCode}" : $"exit code {code}";
        string said = errors.Trim();
        if (said.Length > MaxErrorLength)
            said = "... " + said[^MaxErrorLength..];
        return new EngineException($"The build of {model}'s engine failed ({reason}){(said.Length > 0 ? $": {said.ReplaceLineEndings(" ").TrimEnd('.')}" : "")}.", lasting: code <= KilledCode);
    }

    private static void Kill(Process child)
    {
        try
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    // Started as 'dotnet yolact-edge.dll', the program is the first argument.
    private static string[] Own()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This program's path is not known.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Environment.GetCommandLineArgs()[0], "engine", "worker"]
            : [program, "engine", "worker"];
    }
}
