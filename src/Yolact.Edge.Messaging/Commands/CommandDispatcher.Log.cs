using Microsoft.Extensions.Logging;

namespace Yolact.Edge.Messaging.Commands;

public sealed partial class CommandDispatcher
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Command {Name}: {Code} {Message}")]
        public static partial void Answered(ILogger logger, string name, int code, string message);

        [LoggerMessage(2, LogLevel.Warning, "Command {Name} is refused: {Why}.")]
        public static partial void Refused(ILogger logger, string name, string why);

        [LoggerMessage(3, LogLevel.Information, "Command {Name} came again; it is not done again.")]
        public static partial void Again(ILogger logger, string name);

        [LoggerMessage(4, LogLevel.Information, "Command {Name} expired before its turn came.")]
        public static partial void Expired(ILogger logger, string name);

        [LoggerMessage(5, LogLevel.Error, "Command {Name} failed.")]
        public static partial void Failed(ILogger logger, Exception error, string name);
    }
}
