namespace Yolact.Edge.Model.Configs;

/// <summary>The priors (anchors): every cell of a level carries scales x ratios of them, scale outer, ratio inner.</summary>
public sealed record AnchorConfig
{
    /// <summary>Sizes in px of the network input, for each level (P3 first), one or more each; every level has as many.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Scales { get; init; }

    /// <summary>Width : height. Width is scale * sqrt(ratio), height scale / sqrt(ratio).</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [1, 0.5, 2];

    /// <summary>
    /// True for the compatibility of v1.0: height = width after the width was made with the ratio's root, so that the three "ratios"
    /// are three square sizes. Part of the trained v1 models (yolact.py:243-244 of dbolya/yolact).
    /// </summary>
    public bool Square { get; init; }

    /// <summary>Priors a cell.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int PerCell => Scales[0].Count * Ratios.Count;
}
