using Yolact.Edge.TestSupport;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Vision.Tests.Engines.Providers;

/// <summary>What is said of native libraries that are not what the managed side asks for.</summary>
public sealed class NativeRuntimeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-native-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_library_that_came_with_the_program_fits()
    {
        NativeRuntimeInfo info = NativeRuntime.Load(null);

        Assert.Equal(NativeRuntime.ManagedVersion, info.Version);
        Assert.True(File.Exists(info.Path), info.Path);
        Assert.Contains("CPUExecutionProvider", NativeRuntime.Providers(null));
        Assert.Same(info, NativeRuntime.Load(info.Path));
    }

    [Fact]
    public void One_process_has_one_library()
    {
        NativeRuntime.Load(null);
        EngineException error = Assert.Throws<EngineException>(() => NativeRuntime.Load("/opt/other/libonnxruntime.so"));
        Assert.Contains("/opt/other/libonnxruntime.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("anew", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        AssertRefused(Path.Combine(_folder.FullName, "libonnxruntime.so"), "there is no such file");
        AssertRefused(_folder.FullName, "this is a folder");
    }

    [Fact]
    public void A_file_that_is_no_library_is_named()
    {
        string path = Path.Combine(_folder.FullName, "text.so");
        File.WriteAllText(path, "hello");
        AssertRefused(path, "cannot be loaded");
    }

    [Fact]
    public void A_library_whose_own_libraries_are_missing_is_named_with_them()
    {
        Assert.SkipUnless(SharedObject.CanCompile, SharedObject.Missing);
        string needed = Path.Combine(_folder.FullName, "libnvinfer.so.10"), path = Path.Combine(_folder.FullName, "libonnxruntime.so");
        SharedObject.Compile(needed, "int answer(void) { return 42; }", "-Wl,-soname,libnvinfer.so.10");
        SharedObject.Compile(path, "int answer(void); int ask(void) { return answer(); }", needed);
        File.Delete(needed);
        AssertRefused(path, "libnvinfer.so.10");
    }

    [Fact]
    public void A_library_without_the_entry_point_is_no_runtime()
    {
        Assert.SkipUnless(SharedObject.CanCompile, SharedObject.Missing);
        string path = Path.Combine(_folder.FullName, "libonnxruntime.so");
        SharedObject.Compile(path, "int something_else(void) { return 1; }");
        AssertRefused(path, "no symbol OrtGetApiBase");
    }

    [Theory]
    [InlineData("1.24.0", 24u, "it is ONNX Runtime 1.24.0, which serves APIs up to 24")]
    [InlineData("1.99.0", 24u, "it is ONNX Runtime 1.99.0")] // says that it is new, and serves nothing new
    [InlineData("nightly", 99u, "it says that it is version 'nightly'")]
    public void A_library_of_another_version_is_named_with_what_was_expected(string version, uint api, string problem)
    {
        Assert.SkipUnless(SharedObject.CanCompile, SharedObject.Missing);
        AssertRefused(Runtime(version, api), problem);
    }

    [Fact]
    public void A_later_library_fits()
    {
        Assert.SkipUnless(SharedObject.CanCompile, SharedObject.Missing);
        string path = Runtime("1.99.3", 99);
        Assert.Equal(new NativeRuntimeInfo(path, "1.99.3"), NativeRuntime.Inspect(path));
    }

    private string Runtime(string version, uint api)
    {
        string path = Path.Combine(_folder.FullName, $"libonnxruntime.{version}.so");
        SharedObject.Compile(path, $$"""
            static int table;
            static const void* get_api(unsigned version) { return version <= {{api}} ? &table : 0; }
            static const char* get_version(void) { return "{{version}}"; }
            static const struct { const void* (*api)(unsigned); const char* (*version)(void); } base = { get_api, get_version };
            const void* OrtGetApiBase(void) { return &base; }
            """);
        return path;
    }

    private static void AssertRefused(string path, string problem)
    {
        EngineException error = Assert.Throws<EngineException>(() => NativeRuntime.Inspect(path));
        Assert.True(error.Lasting);
        foreach (string part in (string[])[path, problem, $"1.{NativeRuntime.RequiredApi}", "native_library_path"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
