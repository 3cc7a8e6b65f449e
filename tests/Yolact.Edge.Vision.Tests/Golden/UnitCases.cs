using System.Text.Json;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>The small cases of the reference data, with complete inputs and outputs.</summary>
internal static class UnitCases
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "unit.json"))).RootElement;

    public static JsonElement Case(string name) => Root.GetProperty(name);

    public static (int[] Shape, float[] Data) Tensor(JsonElement element) => (
        [.. element.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())],
        [.. element.GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
}
