using Spectre.Console;

namespace Yolact.Edge.Commands;

/// <summary>A progress bar on stderr, so that standard output stays clean for machines; silent where stderr is no terminal.</summary>
internal static class Progress
{
    private static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Runs work that reports its share done, 0..1.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work.</param>
    public static void Start(string title, Action<IProgress<double>> work)
    {
        if (Console.IsErrorRedirected)
        {
            work(new Reporter(static _ => { }));
            return;
        }
        Error.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
            work(new Reporter(share => task.Value = share));
        });
    }

    /// <summary>Runs asynchronous work that reports its share done, 0..1.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work.</param>
    public static Task StartAsync(string title, Func<IProgress<double>, Task> work)
    {
        if (Console.IsErrorRedirected)
            return work(new Reporter(static _ => { }));
        return Error.Progress().AutoClear(true).StartAsync(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
            return work(new Reporter(share => task.Value = share));
        });
    }

    // Progress<T> would post to the thread pool, out of order.
    private sealed class Reporter(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
