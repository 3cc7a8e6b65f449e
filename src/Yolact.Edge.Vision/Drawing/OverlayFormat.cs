namespace Yolact.Edge.Vision.Drawing;

/// <summary>How a picture is encoded.</summary>
public enum OverlayFormat
{
    /// <summary>PNG: exact.</summary>
    Png,

    /// <summary>JPEG: small.</summary>
    Jpeg,
}
