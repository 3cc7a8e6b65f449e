namespace Yolact.Edge.Model.Configs;

/// <summary>The feature extractor.</summary>
public sealed record BackboneConfig
{
    /// <summary>Family of networks.</summary>
    public BackboneKind Kind { get; init; } = BackboneKind.Resnet;

    /// <summary>Kind of residual block; ignored by Darknet.</summary>
    public ResidualBlock Block { get; init; } = ResidualBlock.Bottleneck;

    /// <summary>Blocks a stage.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>
    /// Channels of the stem and inner channels of the first stage: 64 for the published ResNets, 32 for half-width ones; each stage
    /// doubles them. For Darknet: channels of the first stage (64), the stem has half of them.
    /// </summary>
    public int Width { get; init; } = 64;

    /// <summary>0-based stages whose outputs feed the pyramid, shallowest first.</summary>
    public IReadOnlyList<int> SelectedStages { get; init; } = [1, 2, 3];

    /// <summary>Which 3x3 convolutions are deformable; null for none.</summary>
    public DeformableConfig? Deformable { get; init; }

    /// <summary>
    /// The (stage, block) pairs whose 3x3 convolution (the second one of a basic block) is deformable. Block 0 of a stage is where
    /// layers >= blocks; block i > 0 is where i + layers >= blocks and i divides by the interval (backbone.py:113-118 of dbolya/yolact).
    /// </summary>
    public IEnumerable<(int Stage, int Block)> DeformableBlocks()
    {
        if (Kind != BackboneKind.Resnet || Deformable is not { } deformable)
            yield break;
        for (int stage = 0; stage < Blocks.Count; stage++)
        {
            int blocks = Blocks[stage], layers = deformable.Layers[stage];
            for (int block = 0; block < blocks; block++)
            {
                if (block + layers >= blocks && block % deformable.Interval == 0)
                    yield return (stage, block);
            }
        }
    }
}

/// <summary>Families of backbones.</summary>
public enum BackboneKind
{
    /// <summary>ResNet "v1.5": the stride sits on the 3x3 convolution.</summary>
    Resnet,

    /// <summary>Darknet with LeakyReLU(0.1).</summary>
    Darknet,
}

/// <summary>Kinds of residual blocks.</summary>
public enum ResidualBlock
{
    /// <summary>1x1, 3x3, 1x1 with four times the channels at the end (ResNet-50 and deeper).</summary>
    Bottleneck,

    /// <summary>Two 3x3 (ResNet-18 and 34); the second may be deformable.</summary>
    Basic,
}

/// <summary>Which 3x3 convolutions of a ResNet are deformable (YOLACT++, section 5.2 of the paper).</summary>
public sealed record DeformableConfig
{
    /// <summary>For each stage how many of its last blocks take part.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Of those, every how manyth (counted from the stage's first block) is deformable; at least 1.</summary>
    public int Interval { get; init; } = 1;
}
