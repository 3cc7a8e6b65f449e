using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision;

/// <summary>
/// Everything that one frame needs on its way through a <see cref="Detector"/>: the engine's bound input and outputs and the
/// stages' scratch memory. Slots share nothing, so frames in different slots may be in different stages at the same time; one
/// slot is in one stage at a time. To be disposed before its detector.
/// </summary>
public sealed class DetectorSlot : IDisposable
{
    internal DetectorSlot(Detector owner, EngineSlot engine, PictureResizer resizer, PostProcessor postProcessor) =>
        (Owner, Engine, Resizer, PostProcessor) = (owner, engine, resizer, postProcessor);

    /// <summary>Where the time of the last <see cref="Detector.Finish"/> went.</summary>
    public FinishTimes Times => PostProcessor.Times;

    internal Detector Owner { get; }

    internal EngineSlot Engine { get; }

    internal PictureResizer Resizer { get; }

    internal PostProcessor PostProcessor { get; }

    internal int Width { get; set; }

    internal int Height { get; set; }

    internal PictureView View { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        PostProcessor.Dispose();
        Engine.Dispose();
    }
}
