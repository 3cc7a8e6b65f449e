namespace Yolact.Edge.Doctor.Checks;

/// <summary>Where Argus, the owner of a Jetson's CSI sensors, listens.</summary>
internal static class ArgusSocket
{
    public const string Path = "/tmp/argus_socket";
}
