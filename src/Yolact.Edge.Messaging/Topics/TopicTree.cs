using System.Collections.Concurrent;

namespace Yolact.Edge.Messaging.Topics;

/// <summary>The topics of one device, below <c>yolact/1/{device}</c>. The 1 is the contract's major version.</summary>
public sealed class TopicTree
{
    private readonly ConcurrentDictionary<string, string> _detections = new(StringComparer.Ordinal);

    /// <summary>The topics of a device.</summary>
    /// <param name="device">A <see cref="TopicName"/>.</param>
    /// <exception cref="ArgumentException">Not a valid name.</exception>
    public TopicTree(string device)
    {
        Device = TopicName.Require(device);
        Root = $"yolact/1/{device}";
        Status = $"{Root}/status";
        Health = $"{Root}/health";
        Events = $"{Root}/events";
        ConfigDesired = $"{Root}/config/desired";
        ConfigReported = $"{Root}/config/reported";
    }

    /// <summary>The device's name.</summary>
    public string Device { get; }

    /// <summary>What every topic of the device starts with.</summary>
    public string Root { get; }

    /// <summary>State of the device: retained, QoS 1; the last will says <c>lost</c>.</summary>
    public string Status { get; }

    /// <summary>Figures every few seconds: QoS 0.</summary>
    public string Health { get; }

    /// <summary>What happened: QoS 1, never retained.</summary>
    public string Events { get; }

    /// <summary>The configuration an operator wants: retained.</summary>
    public string ConfigDesired { get; }

    /// <summary>What became of it: retained, QoS 1.</summary>
    public string ConfigReported { get; }

    /// <summary>One message a frame.</summary>
    /// <param name="camera">A <see cref="TopicName"/>.</param>
    public string Detections(string camera) =>
        _detections.GetOrAdd(camera, static (name, root) => $"{root}/camera/{TopicName.Require(name)}/detections", Root);

    /// <summary>JPEG pictures, where asked for.</summary>
    /// <param name="camera">A <see cref="TopicName"/>.</param>
    public string Evidence(string camera) => $"{Root}/camera/{TopicName.Require(camera)}/evidence";

    /// <summary>Requests to the device.</summary>
    /// <param name="name">A <see cref="TopicName"/>.</param>
    public string Command(string name) => $"{Root}/command/{TopicName.Require(name)}";
}
