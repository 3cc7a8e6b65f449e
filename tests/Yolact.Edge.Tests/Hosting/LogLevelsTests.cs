using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Tests.Hosting;

public sealed class LogLevelsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogLevels _levels;
    private readonly ServiceProvider _services;
    private readonly ILogger _messaging;
    private readonly ILogger _vision;

    public LogLevelsTests()
    {
        _levels = new LogLevels(_clock);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new Everything()).SetMinimumLevel(LogLevel.Information).AddFilter("Yolact.Edge.Vision", LogLevel.Warning))
            .AddSingleton<IConfigureOptions<LoggerFilterOptions>>(_levels)
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(_levels)
            .BuildServiceProvider();
        ILoggerFactory loggers = _services.GetRequiredService<ILoggerFactory>();
        (_messaging, _vision) = (loggers.CreateLogger("Yolact.Edge.Messaging.X"), loggers.CreateLogger("Yolact.Edge.Vision.X"));
    }

    public void Dispose()
    {
        _services.Dispose();
        _levels.Dispose();
    }

    [Fact]
    public void A_category_logs_more_for_a_while_and_then_as_before()
    {
        _levels.Set(LogLevel.Debug, "Yolact.Edge.Messaging", TimeSpan.FromSeconds(10));
        Assert.True(_messaging.IsEnabled(LogLevel.Debug));
        Assert.False(_vision.IsEnabled(LogLevel.Information));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True(_messaging.IsEnabled(LogLevel.Debug));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_messaging.IsEnabled(LogLevel.Debug));
        Assert.True(_messaging.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void A_later_setting_takes_the_place_and_the_time_of_an_earlier_one()
    {
        _levels.Set(LogLevel.Trace, null, TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(5));
        DateTime until = _levels.Set(LogLevel.Error, null, TimeSpan.FromSeconds(10));
        Assert.Equal(_clock.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(10), until);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(_messaging.IsEnabled(LogLevel.Warning));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_messaging.IsEnabled(LogLevel.Information));
        Assert.False(_messaging.IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void The_number_of_categories_is_bounded()
    {
        for (int i = 0; i < 100; i++)
            _levels.Set(LogLevel.Debug, $"A{i}", TimeSpan.FromHours(1));
        var options = new LoggerFilterOptions();
        _levels.Configure(options);
        Assert.Equal(16, options.Rules.Count);
    }

    [Fact]
    public void Only_warnings_and_errors_are_remembered_the_last_ones_without_passwords()
    {
        using var problems = new RecentProblems(_clock);
        ILogger logger = problems.CreateLogger("Camera");
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(problems));
        ILogger camera = loggers.CreateLogger("Camera");
        for (int i = 0; i < 2 * RecentProblems.Capacity; i++)
            Say(camera, i % 2 == 0 ? LogLevel.Warning : LogLevel.Information, $"number {i} rtsp://ann:secret@camera/1");
        Say(camera, LogLevel.Error, new string('x', 2000));
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.Equal(RecentProblems.Capacity, problems.List().Count);
        Assert.Equal("number 2 rtsp://***@camera/1", problems.List()[0].Message);
        Assert.Equal((EventSeverity.Error, RecentProblems.MaxLength), (problems.List()[^1].Level, problems.List()[^1].Message.Length));
    }

    private static void Say(ILogger logger, LogLevel level, string text) => logger.Log(level, default, text, null, (state, _) => state);

    private sealed class Everything : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
