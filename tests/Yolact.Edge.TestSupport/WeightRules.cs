using System.Text.RegularExpressions;

namespace Yolact.Edge.TestSupport;

/// <summary>How a synthetic parameter's values come from its integers.</summary>
public enum WeightKind
{
    /// <summary>Convolution weights: gain and the share C of each output's mean that is taken off.</summary>
    Convolution,

    /// <summary>Lateral convolutions of the pyramid: the share C; gains are the profile's.</summary>
    Lateral,

    /// <summary>Values around a middle: middle and half width.</summary>
    Flat,

    /// <summary>Biases of the class logits: middle and half width of the foreground's; the background's middle is the profile's.</summary>
    ClassBias,
}

/// <summary>The rule for the parameters whose names match.</summary>
public sealed record WeightRule(Regex Name, WeightKind Kind, double First, double Second);

/// <summary>What depends on the network, so that all give a like number of detections.</summary>
/// <param name="Lateral">Gains of the lateral convolutions, C5, C4, C3.</param>
/// <param name="Background">Middle of the background logit's bias.</param>
public sealed record WeightProfile(double[] Lateral, double Background);

/// <summary>The tables of the reference data's weights; the first rule that matches counts.</summary>
public static class WeightRules
{
    private const string Norm = @"(?:\bbn\d|downsample\.1|_preconv\.1|layers\.\d+\.0\.1|conv[12]\.1)";

    private static readonly double[] PlainLateral = [0.72, 0.56, 0.68];

    private static readonly WeightRule[] Rules =
    [
        Flat(Norm + @"\.running_mean$", 0.0, 0.10),
        Flat(Norm + @"\.running_var$", 1.0, 0.35),
        Flat(@"layers\.2\.(?:[6-9]|[12]\d)\.bn3\.weight$", 0.15, 0.05),
        Flat(@"\bbn3\.weight$", 0.45, 0.15),
        Flat(@"layers\.\d+\.\d+\.conv2\.1\.weight$", 0.45, 0.15),
        Flat(Norm + @"\.weight$", 1.0, 0.25),
        Flat(Norm + @"\.bias$", 0.0, 0.20),
        Convolution(@"^backbone\.conv1\.weight$", 1.2, 0.0),
        Convolution(@"^backbone\._preconv\.0\.weight$", 3.0, 0.5),
        Convolution(@"conv_offset_mask\.weight$", 1.0, 0.8),
        Flat(@"conv_offset_mask\.bias$", 0.0, 0.5),
        Flat(@"^backbone\..*conv2\.bias$", 0.0, 0.1),
        Convolution(@"^backbone\.layers\.\d+\.\d+\.conv2\.weight$", 1.6, 0.8),
        Convolution(@"^backbone\.layers\.\d+\.\d+\.conv3\.weight$", 1.6, 0.8),
        Convolution(@"^backbone\..*weight$", 1.25, 0.8),
        new(Compile(@"^fpn\.lat_layers\.(\d)\.weight$"), WeightKind.Lateral, 0.8, 0),
        Convolution(@"^fpn\.pred_layers\.0\.weight$", 2.2, 0.8),
        Convolution(@"^fpn\.pred_layers\.1\.weight$", 1.6, 0.8),
        Convolution(@"^fpn\.pred_layers.*weight$", 1.15, 0.8),
        Convolution(@"^fpn\.downsample_layers.*weight$", 1.3, 0.8),
        Convolution(@"^proto_net\.10\.weight$", 1.6, 0.9),
        Convolution(@"^proto_net.*weight$", 1.6, 0.8),
        Flat(@"^proto_net\.10\.bias$", 0.1, 0.3),
        Convolution(@"upfeature\.0\.weight$", 1.6, 0.9),
        Convolution(@"bbox_layer\.weight$", 1.2, 0.9),
        Flat(@"bbox_layer\.bias$", 0.0, 0.5),
        Convolution(@"conf_layer\.weight$", 2.4, 1.0),
        new(Compile(@"conf_layer\.bias$"), WeightKind.ClassBias, 0.0, 1.0),
        Convolution(@"mask_layer\.weight$", 1.2, 0.9),
        Flat(@"mask_layer\.bias$", 0.0, 0.4),
        Convolution(@"^maskiou_net\.maskiou_net\.0\.weight$", 2.0, 0.3),
        Convolution(@"^maskiou_net\.maskiou_net\.10\.weight$", 0.25, 0.8),
        Flat(@"^maskiou_net\.maskiou_net\.10\.bias$", 0.55, 0.20),
        Convolution(@"^maskiou_net.*weight$", 1.5, 0.7),
        Convolution("weight$", 1.0, 0.5),
        Flat("bias$", 0.0, 0.1),
    ];

    private static readonly Dictionary<string, WeightProfile> Profiles = new()
    {
        ["yolact_plus_resnet50"] = new([1.30, 0.90, 0.90], 13.5),
        ["yolact_plus_base"] = new([0.87, 0.65, 0.80], 13.8),
        ["yolact_base"] = new(PlainLateral, 13.0),
        ["yolact_im400"] = new(PlainLateral, 13.0),
        ["yolact_im700"] = new(PlainLateral, 13.0),
        ["yolact_resnet50"] = new(PlainLateral, 12.4),
        ["yolact_resnet50_pascal"] = new(PlainLateral, 12.0),
        ["yolact_darknet53"] = new([0.78, 0.64, 0.72], 10.8),
    };

    /// <summary>The rule for a parameter; those for convolutions hold for four dimensions alone.</summary>
    public static WeightRule For(string name, int dimensions) =>
        Rules.First(rule => rule.Name.IsMatch(name) && (dimensions == 4 || rule.Kind is not (WeightKind.Convolution or WeightKind.Lateral)));

    /// <summary>The network's profile; networks without their own have that of yolact_base.</summary>
    public static WeightProfile Profile(string config) => Profiles.GetValueOrDefault(config, Profiles["yolact_base"]);

    private static WeightRule Flat(string name, double middle, double half) => new(Compile(name), WeightKind.Flat, middle, half);

    private static WeightRule Convolution(string name, double gain, double share) => new(Compile(name), WeightKind.Convolution, gain, share);

    private static Regex Compile(string name) => new(name, RegexOptions.CultureInvariant);
}
