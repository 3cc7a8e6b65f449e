using System.Collections.Concurrent;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Pipeline;

/// <summary>
/// Three stages on three threads: while one frame is in the engine, the next is being prepared and the one before finished. A frame is
/// taken from the intake only when a slot is free for it, so that a free-running camera's latest picture is really the latest. Stopping
/// finishes every frame that was accepted. Each frame is processed by the recipe that it came with.
/// </summary>
public sealed class FramePipeline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Action<FrameResult> _finished;
    private readonly Action<CapturedFrame, Exception> _failed;
    private readonly FrameIntake _intake;
    private readonly BlockingCollection<FrameJob> _free = [];
    private readonly BlockingCollection<FrameJob> _prepared = [];
    private readonly BlockingCollection<FrameJob> _inferred = [];
    private readonly Thread[] _stages;

    /// <summary>Starts the stages.</summary>
    /// <param name="slots">Frames in flight at once, 2..8.</param>
    /// <param name="queue">Triggered frames that may wait, at least 1.</param>
    /// <param name="clock">Measures the stages.</param>
    /// <param name="finished">Receives each result, one at a time, in order.</param>
    /// <param name="failed">Receives a frame that a stage could not process, and why; the frame goes no further.</param>
    public FramePipeline(int slots, int queue, TimeProvider clock, Action<FrameResult> finished, Action<CapturedFrame, Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_clock, _finished, _failed) = (clock, finished, failed);
        _intake = new FrameIntake(queue);
        for (int i = 0; i < slots; i++)
            _free.Add(new FrameJob());
        _stages = [Start("prepare", Prepare), Start("infer", Infer), Start("finish", Finish)];
    }

    /// <summary>Frames that wait for the network.</summary>
    public int Waiting => _intake.Count;

    /// <summary>Hands a frame in; it is the pipeline's from now on. Never blocks.</summary>
    /// <param name="captured">The frame.</param>
    /// <param name="recipe">What is to be made of it; a use of it is the pipeline's from now on.</param>
    /// <returns>What became of it.</returns>
    public IntakeResult Offer(in CapturedFrame captured, Recipe recipe) => _intake.Offer(captured, _clock.GetTimestamp(), recipe);

    /// <summary>Accepts nothing more, and returns when every accepted frame is finished.</summary>
    public void Stop()
    {
        _intake.Close();
        foreach (Thread stage in _stages)
            stage.Join();
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        Stop();
        _intake.Dispose();
        _free.Dispose();
        _prepared.Dispose();
        _inferred.Dispose();
    }

    private static Thread Start(string name, ThreadStart work)
    {
        var thread = new Thread(work) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Prepare()
    {
        while (true)
        {
            FrameJob job = _free.Take();
            if (!_intake.Take(out FrameIntake.Arrival arrival))
                break;
            (job.Captured, job.Arrived, job.Recipe, job.PrepareStarted) = (arrival.Captured, arrival.Ticks, arrival.Recipe!, _clock.GetTimestamp());
            if (Try(job, static (_, job) => Prepare(job)))
            {
                job.Prepared = _clock.GetTimestamp();
                _prepared.Add(job);
            }
        }
        _prepared.CompleteAdding();
    }

    private static void Prepare(FrameJob job)
    {
        (CameraFrame frame, Detector detector, PictureView view) = (job.Captured.Frame, job.Recipe.Detector, job.Recipe.View);
        job.Slot = job.Recipe.TakeSlot();
        if (frame.IsMadeForNetwork)
            detector.PrepareSeen(frame.Picture, job.Slot, frame.SourceWidth, frame.SourceHeight, view);
        else
            detector.Prepare(frame.Picture, job.Slot, view);
    }

    private void Infer()
    {
        foreach (FrameJob job in _prepared.GetConsumingEnumerable())
        {
            job.InferStarted = _clock.GetTimestamp();
            if (Try(job, static (_, job) => job.Recipe.Detector.Infer(job.Slot!)))
            {
                job.Inferred = _clock.GetTimestamp();
                _inferred.Add(job);
            }
        }
        _inferred.CompleteAdding();
    }

    private void Finish()
    {
        foreach (FrameJob job in _inferred.GetConsumingEnumerable())
        {
            job.FinishStarted = _clock.GetTimestamp();
            if (!Try(job, static (self, job) => self.Finish(job)))
                continue;
            job.Release();
            _free.Add(job);
        }
    }

    private void Finish(FrameJob job)
    {
        using DetectionList detections = job.Recipe.Detector.Finish(job.Slot!);
        job.Finished = _clock.GetTimestamp();
        TimeSpan wait = Between(job.Arrived, job.PrepareStarted) + Between(job.Prepared, job.InferStarted) + Between(job.Inferred, job.FinishStarted);
        var stages = new StageTimes(wait, Between(job.PrepareStarted, job.Prepared), Between(job.InferStarted, job.Inferred),
            Between(job.FinishStarted, job.Finished), default, default);
        _finished(new FrameResult(job.Captured, detections, stages, job.Recipe) { Finish = job.Slot!.Times });
    }

    // A frame that cannot be processed must not stop the ones behind it: a machine in the field has nobody to restart it.
    private bool Try(FrameJob job, Action<FramePipeline, FrameJob> stage)
    {
        try
        {
            stage(this, job);
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _failed(job.Captured, error);
            job.Release();
            _free.Add(job);
            return false;
        }
    }

    private TimeSpan Between(long start, long end) => _clock.GetElapsedTime(start, end);
}
