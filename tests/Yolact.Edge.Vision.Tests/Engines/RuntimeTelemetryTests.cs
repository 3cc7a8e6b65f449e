using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Tests.Engines;

public sealed class RuntimeTelemetryTests
{
    [Fact]
    public void The_native_library_is_told_to_send_nothing() => Assert.Equal("1", RuntimeTelemetry.Native());
}
