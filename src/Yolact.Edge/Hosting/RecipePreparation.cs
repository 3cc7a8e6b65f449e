using System.Security.Cryptography;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Configuration;
using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Rules;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Hosting;

/// <summary>Loads what frames are processed by: network, rules, publishing.</summary>
/// <param name="outputs">The lines that rules drive.</param>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="status">Tells of an engine that is being built.</param>
/// <param name="clock">The clock of everything.</param>
internal sealed class RecipePreparation(
    OutputScheduler outputs, MqttSession session, MessageStamp stamp, PayloadPool pool, DeviceStatus status, TimeProvider clock)
{
    /// <summary>Makes a recipe; nothing changes yet.</summary>
    /// <param name="options">Valid options; of them detector, rules, detections and version are looked at.</param>
    /// <param name="files">The network.</param>
    /// <param name="running">What runs now: the same network is not loaded twice. Null for nothing.</param>
    /// <param name="cancellation">Ends the build of an engine.</param>
    /// <exception cref="IOException">The model's file cannot be opened.</exception>
    /// <exception cref="Vision.Engines.ModelException">The model cannot be used.</exception>
    /// <exception cref="Vision.Engines.EngineException">Nothing can run it here.</exception>
    /// <exception cref="InvalidConfigurationException">A rule names a class that the model has not.</exception>
    public Recipe Make(ApplianceOptions options, ModelFiles files, Recipe? running, CancellationToken cancellation)
    {
        CameraOptions camera = options.Cameras.First(one => one.Active);
        string sha256 = Sha256(files.Main);
        Recipe? same = running?.Model.Sha256 == sha256 ? running : null;
        EngineReport? engine = same?.Engine;
        if (same?.Detector.Share(options.Detector) is not { } detector)
        {
            (detector, engine) = EngineStart.OnThisMachine(options.Telemetry.Root)
                .Open(files, options.Detector, new BuildStatus(status), cancellation);
        }
        try
        {
            IReadOnlyList<string> labels = detector.Config.Classes;
            CheckRules(options, labels);
            var model = new ModelTrace(files.Name, sha256, labels);
            return new Recipe(detector, new PictureView(camera.RegionOfInterest, (Rotation)(camera.Rotation / 90)), options.Model.Slots, model,
                new RuleOutputs(new RuleSet(options.Rules, labels), outputs, camera.Trigger.FramesPerEdge),
                new DetectionPublisher(options.Detections, session, stamp, pool, model, options.Version, camera.Trigger.Line ?? "", clock))
            {
                Engine = engine,
            };
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    private static void CheckRules(ApplianceOptions options, IReadOnlyList<string> labels)
    {
        var errors = new List<ConfigurationError>();
        RuleSet.CheckLabels(options.Rules, labels, "/rules", (pointer, message) => errors.Add(new(pointer, message)));
        if (errors.Count > 0)
            throw new InvalidConfigurationException("the configuration", errors);
    }

    private static string Sha256(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
