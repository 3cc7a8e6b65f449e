namespace Yolact.Edge.Model.Tests;

internal static class TestData
{
    /// <summary>A file that was copied beside the tests.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "data", name);
}
