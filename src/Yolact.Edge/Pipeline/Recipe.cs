using System.Collections.Concurrent;
using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Pipeline;

/// <summary>
/// What is made of a frame: the network and what it sees of the picture, the rules, the message. A frame keeps the recipe that was in
/// force when it was captured, so that another one takes over between two frames; a recipe's memory is freed when its last frame is done.
/// Safe for use from several threads.
/// </summary>
public sealed class Recipe
{
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<DetectorSlot> _slots = [];
    private int _users = 1;
    private long _frames;

    /// <summary>A recipe, used by its maker, who calls <see cref="Release"/> in the end. Allocates the memory of all frames in flight.</summary>
    /// <param name="detector">The network; the recipe's from now on.</param>
    /// <param name="view">What the network shall see of each picture.</param>
    /// <param name="slots">Frames in flight at once, 2..8.</param>
    /// <param name="model">The network in messages.</param>
    /// <param name="rules">The rules and their lines.</param>
    /// <param name="publisher">Writes messages.</param>
    public Recipe(Detector detector, PictureView view, int slots, ModelTrace model, RuleOutputs rules, DetectionPublisher publisher)
    {
        ArgumentNullException.ThrowIfNull(detector);
        (Detector, View, Model, Rules, Publisher) = (detector, view, model, rules, publisher);
        for (int i = 0; i < slots; i++)
            _slots.Add(detector.CreateSlot());
    }

    /// <summary>The network.</summary>
    public Detector Detector { get; }

    /// <summary>What runs the network; null where nobody looked.</summary>
    public EngineReport? Engine { get; init; }

    /// <summary>What the network sees of each picture.</summary>
    public PictureView View { get; }

    /// <summary>The network in messages.</summary>
    public ModelTrace Model { get; }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Labels => Detector.Config.Classes;

    /// <summary>The rules and their lines.</summary>
    public RuleOutputs Rules { get; }

    /// <summary>Writes messages.</summary>
    public DetectionPublisher Publisher { get; }

    /// <summary>Frames that were finished with it.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Ends when the last user is gone and the network's memory is freed.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Adds a user. Only who knows that there is one already may call it.</summary>
    public void Use() => Interlocked.Increment(ref _users);

    /// <summary>A user is done. After the last one the memory is freed, on another thread.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Task.Run(Free);
    }

    internal void CountFrame() => Interlocked.Increment(ref _frames);

    /// <summary>Memory for a frame in flight.</summary>
    /// <exception cref="InvalidOperationException">More frames are in flight than there are slots.</exception>
    internal DetectorSlot TakeSlot() =>
        _slots.TryTake(out DetectorSlot? slot) ? slot : throw new InvalidOperationException("More frames are in flight than the recipe has memory for.");

    internal void Return(DetectorSlot slot) => _slots.Add(slot);

    private void Free()
    {
        try
        {
            foreach (DetectorSlot slot in _slots)
                slot.Dispose();
            Detector.Dispose();
            _freed.SetResult();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _freed.SetException(error);
        }
    }
}
