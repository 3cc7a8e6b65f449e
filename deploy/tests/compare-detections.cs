// Compares two COCO results files detection by detection: the same classes in the same order of scores, scores within 1e-3,
// boxes within 1 px, masks with an IoU of at least 0.99.
//
//   dotnet run deploy/tests/compare-detections.cs -- ONE.json OTHER.json
#:project ../../src/Yolact.Edge.Imaging/Yolact.Edge.Imaging.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false

using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;

const double ScoreTolerance = 1e-3, BoxTolerance = 1, LeastIou = 0.99;

if (args is not [var one, var other])
{
    Console.Error.WriteLine("usage: dotnet run deploy/tests/compare-detections.cs -- ONE.json OTHER.json");
    return 2;
}
List<Found> left = Read(one), right = Read(other);
if (left.Count == 0 || left.Count != right.Count)
    return Fail($"{left.Count} detections and {right.Count}");
int compared = left.Count;
double score = 0, box = 0, iou = 1;
foreach (Found detection in left)
{
    // Scores that are equal but for rounding may change places: the partner is the one of its class that overlaps most.
    Found? partner = right.Where(candidate => candidate.Category == detection.Category)
        .MaxBy(candidate => MaskMeasures.Iou(candidate.Mask, detection.Mask));
    if (partner is null)
        return Fail($"no detection of class {detection.Category} in {other}");
    right.Remove(partner);
    score = Math.Max(score, Math.Abs(partner.Score - detection.Score));
    box = Math.Max(box, partner.Box.Zip(detection.Box, (a, b) => Math.Abs(a - b)).Max());
    iou = Math.Min(iou, MaskMeasures.Iou(partner.Mask, detection.Mask));
}
FormattableString found = $"scores within {score:0.0e0}, boxes within {box:0.###} px, least mask IoU {iou:0.#####}";
Console.WriteLine($"   {compared} detections: {FormattableString.Invariant(found)}");
return score <= ScoreTolerance && box <= BoxTolerance && iou >= LeastIou ? 0 : Fail("too different");

static int Fail(string why)
{
    Console.Error.WriteLine($"FAILED: {why}");
    return 1;
}

static List<Found> Read(string path)
{
    using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
    return [.. document.RootElement.EnumerateArray().Select(result =>
    {
        JsonElement mask = result.GetProperty("segmentation");
        int height = mask.GetProperty("size")[0].GetInt32(), width = mask.GetProperty("size")[1].GetInt32();
        return new Found(result.GetProperty("category_id").GetInt64(), result.GetProperty("score").GetDouble(),
            [.. result.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble())],
            RunLengthDecoder.Decode(width, height, mask.GetProperty("counts").GetString()!));
    })];
}

sealed record Found(long Category, double Score, double[] Box, BinaryMask Mask);
