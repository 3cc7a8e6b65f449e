namespace Yolact.Edge.Vision.Suppression;

/// <summary>Which of several boxes on the same object stays (non-maximum suppression).</summary>
public enum NmsMode
{
    /// <summary>
    /// Fast NMS of the YOLACT paper (section 3.2): in each class the best 200, a box goes where any better one overlaps it by
    /// more than the threshold, also one that goes itself.
    /// </summary>
    Fast,

    /// <summary>
    /// Fast NMS over all classes together: each prior counts for its best class alone; the best 200; no limit of 100.
    /// </summary>
    CrossClass,

    /// <summary>
    /// Standard NMS in each class: the best box stays and removes those that overlap it by the threshold or more, and so on; on
    /// boxes in px of the network's input whose right and bottom edges count as inside (the "+1" of the original code).
    /// </summary>
    Traditional,
}
