using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Vision.Tests.Engines.Providers;

public sealed class ProviderChoiceTests(SmallModel model) : IClassFixture<SmallModel>
{
    private const string TensorRt = "TensorrtExecutionProvider", Cuda = "CUDAExecutionProvider", Cpu = "CPUExecutionProvider";

    [Theory]
    [InlineData(ExecutionProvider.Auto, ExecutionProvider.Tensorrt, "")]
    [InlineData(ExecutionProvider.Auto, ExecutionProvider.Cuda, "tensorrt")]
    [InlineData(ExecutionProvider.Auto, ExecutionProvider.Cpu, "tensorrt cuda")]
    [InlineData(ExecutionProvider.Cuda, ExecutionProvider.Cuda, "tensorrt")]
    [InlineData(ExecutionProvider.Cpu, ExecutionProvider.Cpu, "")]
    public void The_best_that_works_is_chosen(ExecutionProvider wish, ExecutionProvider expected, string broken)
    {
        (ExecutionProvider tried, ProviderChoice choice) = ProviderChoice.Choose(wish, [TensorRt, Cuda, Cpu], Attempt(broken));

        Assert.Equal(expected, tried);
        Assert.Equal(expected, choice.Provider);
        Assert.Equal(wish == ExecutionProvider.Auto ? broken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length : 0, choice.PassedOver.Count);
        Assert.All(choice.PassedOver, one => Assert.Contains("is broken", one.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_library_does_not_list_is_not_tried()
    {
        (ExecutionProvider tried, ProviderChoice choice) = ProviderChoice.Choose(ExecutionProvider.Auto, [Cuda, Cpu], Attempt(""));

        Assert.Equal(ExecutionProvider.Cuda, tried);
        PassedOver one = Assert.Single(choice.PassedOver);
        Assert.Equal((ExecutionProvider.Tensorrt, $"the native library was built without it (it has {Cuda}, {Cpu})"), (one.Provider, one.Reason));
    }

    [Fact]
    public void One_that_was_asked_for_is_used_or_nothing()
    {
        EngineException error = Assert.Throws<EngineException>(() => ProviderChoice.Choose(ExecutionProvider.Tensorrt, [TensorRt, Cuda, Cpu], Attempt("tensorrt")));
        foreach (string part in (string[])["TensorRT: it is broken", "engine/provider", "native_library_path"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_works_every_reason_is_given()
    {
        EngineException error = Assert.Throws<EngineException>(() => ProviderChoice.Choose(ExecutionProvider.Auto, [TensorRt, Cuda, Cpu], Attempt("tensorrt cuda cpu")));
        foreach (string part in (string[])["TensorRT: it is broken", "CUDA: it is broken", "CPU: it is broken"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_be_used_is_no_reason_to_try_another_provider() =>
        Assert.Throws<ModelException>(() => ProviderChoice.Choose<int>(ExecutionProvider.Auto, [TensorRt, Cpu], _ => throw new ModelException("a.onnx", "it is damaged")));

    [Fact]
    public void This_library_leaves_the_cpu_and_says_why()
    {
        using Detector detector = Detector.Open(model.Files.Main);
        Assert.Equal(ExecutionProvider.Cpu, detector.Choice.Provider);
        Assert.Equal([ExecutionProvider.Tensorrt, ExecutionProvider.Cuda], detector.Choice.PassedOver.Select(one => one.Provider));

        var options = new DetectorOptions { Engine = new() { Provider = ExecutionProvider.Tensorrt } };
        EngineException error = Assert.Throws<EngineException>(() => Detector.Open(model.Files.Main, options));
        Assert.Contains("built without it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionProvider.Tensorrt)]
    [InlineData(ExecutionProvider.Cuda)]
    public void A_provider_that_is_missing_fails_by_name_when_it_is_forced(ExecutionProvider provider)
    {
        EngineException error = Assert.Throws<EngineException>(() => Detector.Open(model.Files.Main, new(), new EngineSetup { Provider = provider }));
        Assert.Contains($"{ProviderChoice.NameOf(provider)} does not work here", error.Message, StringComparison.Ordinal);
        Assert.Contains("not enabled in this build", error.Message, StringComparison.Ordinal);
    }

    private static Func<ExecutionProvider, ExecutionProvider> Attempt(string broken) => provider =>
        broken.Contains(provider.ToString(), StringComparison.OrdinalIgnoreCase) ? throw new EngineException("it is broken.") : provider;
}
