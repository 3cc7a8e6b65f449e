namespace Yolact.Edge.Imaging;

/// <summary>What moment of a picture's life its source's timestamp names.</summary>
public enum FrameTimeMeaning
{
    /// <summary>The first row's exposure began: the moment that triggers are matched against.</summary>
    ExposureStart,

    /// <summary>The sensor began to read the picture out.</summary>
    ReadoutStart,

    /// <summary>The last row was read out (what V4L2 drivers usually stamp).</summary>
    ReadoutEnd,

    /// <summary>The picture reached this program: late by an unknown, varying time.</summary>
    Arrival,
}

/// <summary>When a frame was taken, as far as its source knows.</summary>
/// <param name="Time">The source's timestamp.</param>
/// <param name="Meaning">What the timestamp names.</param>
/// <param name="Uncertainty">Half the width of the interval in which the true moment lies.</param>
/// <param name="Exposure">Exposure time where known; else null.</param>
/// <param name="Readout">Time to read the sensor out where known; else null.</param>
public readonly record struct FrameTime(
    MonotonicTime Time,
    FrameTimeMeaning Meaning,
    TimeSpan Uncertainty,
    TimeSpan? Exposure = null,
    TimeSpan? Readout = null)
{
    /// <summary>
    /// The start of exposure: <see cref="Time"/> less readout and exposure where the meaning calls for them and they are known
    /// (an unknown one counts as zero).
    /// </summary>
    public MonotonicTime ExposureStart
    {
        get
        {
            TimeSpan exposure = Exposure ?? TimeSpan.Zero;
            TimeSpan readout = Readout ?? TimeSpan.Zero;
            return Meaning switch
            {
                FrameTimeMeaning.ReadoutStart => Time + -exposure,
                FrameTimeMeaning.ReadoutEnd => Time + -(readout + exposure),
                _ => Time,
            };
        }
    }
}
