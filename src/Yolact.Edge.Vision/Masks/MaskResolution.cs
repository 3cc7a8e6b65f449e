namespace Yolact.Edge.Vision.Masks;

/// <summary>How finely masks are made.</summary>
public enum MaskResolution
{
    /// <summary>At the picture's own size, as the reference does: the soft mask is scaled up, then cut at one half.</summary>
    Source,

    /// <summary>
    /// At the size of the network's prototypes (a quarter of its input), cut at one half there: cheaper, for counting and coarse
    /// areas. With a region of interest the mask covers the region alone.
    /// </summary>
    Prototype,

    /// <summary>No masks; boxes, classes and scores alone.</summary>
    None,
}
