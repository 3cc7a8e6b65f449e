using Spectre.Console;
using Yolact.Edge.Commands;

// A file or pipe has no width: without this, tables and paths would be broken into lines of 80.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 240;
return await YolactEdgeCommand.RunAsync(args);
