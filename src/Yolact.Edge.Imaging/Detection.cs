namespace Yolact.Edge.Imaging;

/// <summary>One object found in a picture.</summary>
/// <param name="ClassId">0-based class without background.</param>
/// <param name="ClassScore">Softmax probability of the class, 0..1.</param>
/// <param name="MaskIou">Predicted mask IoU of the re-scoring network, at least 0 and not capped at 1; NaN where it did not run.</param>
/// <param name="Box">In px of the source picture, clipped to it as the reference does.</param>
/// <param name="Prior">Index of the prior (anchor) that the detection comes from.</param>
/// <param name="Mask">The object's pixels; at source or prototype resolution as asked; default where masks were not asked for.</param>
public readonly record struct Detection(int ClassId, float ClassScore, float MaskIou, Box Box, int Prior, BinaryMask Mask)
{
    /// <summary>What detections are ranked by: class score times mask IoU where that was predicted (may exceed 1), else the class score.</summary>
    public float Score => float.IsNaN(MaskIou) ? ClassScore : ClassScore * MaskIou;
}
