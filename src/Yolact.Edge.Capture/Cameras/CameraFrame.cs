namespace Yolact.Edge.Capture.Cameras;

/// <summary>
/// What a camera delivers: the picture to look at and, where the camera made that one for the network in hardware, the full picture of the
/// same exposure. Whoever receives it owns one reference to each.
/// </summary>
/// <param name="Picture">The picture for the network; carries sequence number and time.</param>
/// <param name="FullPicture">The same exposure at the sensor's size, for evidence and people; null where <paramref name="Picture"/> is that, or
/// the second branch delivered none.</param>
/// <param name="SourceSize">Width and height in px that boxes and masks are reported in; null: those of the full picture, where there is one.</param>
public readonly record struct CameraFrame(Frame Picture, Frame? FullPicture = null, (int Width, int Height)? SourceSize = null) : IDisposable
{
    /// <summary>True where <see cref="Picture"/> was made for the network: it shows the region of interest alone, turned and scaled.</summary>
    public bool IsMadeForNetwork => FullPicture is not null || SourceSize is not null;

    /// <summary>The picture at source size; null where only the network's is there.</summary>
    public Frame? SourcePicture => FullPicture ?? (IsMadeForNetwork ? null : Picture);

    /// <summary>Columns that results are reported in, in px.</summary>
    public int SourceWidth => SourceSize?.Width ?? (FullPicture ?? Picture).Width;

    /// <summary>Rows that results are reported in, in px.</summary>
    public int SourceHeight => SourceSize?.Height ?? (FullPicture ?? Picture).Height;

    /// <summary>Takes one more reference to each picture.</summary>
    /// <returns>This.</returns>
    public CameraFrame AddReference()
    {
        Picture.AddReference();
        FullPicture?.AddReference();
        return this;
    }

    /// <summary>Gives one reference to each picture back.</summary>
    public void Dispose()
    {
        Picture.Dispose();
        FullPicture?.Dispose();
    }
}
