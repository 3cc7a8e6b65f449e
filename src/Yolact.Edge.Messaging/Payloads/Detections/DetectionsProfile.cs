namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>How much a detections message says.</summary>
public enum DetectionsProfile
{
    /// <summary>Frame and edge numbers, results, and of each object label, class, score and box: for a PLC gateway.</summary>
    Minimal,

    /// <summary>Everything a subscriber needs to act on and trace: times, model, configuration, masks.</summary>
    Standard,

    /// <summary><see cref="Standard"/> and what helps to find faults: exposure, readout, prior of each object.</summary>
    Full,
}

/// <summary>How an object's mask is written.</summary>
public enum MaskEncoding
{
    /// <summary>No mask.</summary>
    None,

    /// <summary>Outlines as lists of x, y, x, y, ... in px of the source picture.</summary>
    Polygon,

    /// <summary>COCO's compressed run lengths over the source picture, as pycocotools reads them.</summary>
    CocoRle,
}
