using System.Collections;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Tests.Deploy;

/// <summary>The configuration that the packages bring.</summary>
public sealed class DefaultConfigurationTests
{
    [Fact]
    public void It_is_valid_and_reaches_for_nothing_of_the_machine()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(Path.Combine(AppContext.BaseDirectory, "deploy", "appliance.json"), [], new Hashtable());
        Assert.Equal("default", loaded.Options.Version);
        Assert.Equal(CameraKind.Belt, Assert.Single(loaded.Options.Cameras).Kind);
        Assert.Null(loaded.Options.Mqtt.Host);
    }
}
