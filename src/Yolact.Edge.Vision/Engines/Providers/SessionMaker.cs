using Microsoft.ML.OnnxRuntime;

namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>Makes the runtime's session for a graph on the provider of a setup.</summary>
internal static class SessionMaker
{
    /// <summary>Makes a session.</summary>
    /// <param name="path">The graph.</param>
    /// <param name="bytes">The graph as it is to be read instead of the file; null for the file.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="setup">What runs it.</param>
    /// <exception cref="EngineException">The provider cannot be used.</exception>
    /// <exception cref="OnnxRuntimeException">The graph is refused.</exception>
    public static InferenceSession Make(string path, byte[]? bytes, EngineOptions options, EngineSetup setup)
    {
        NativeRuntime.Load(options.NativeLibraryPath);
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            EnableCpuMemArena = setup.Limits.CpuArena,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        if (setup.Provider == ExecutionProvider.Cpu)
            return bytes is null ? new InferenceSession(path, session) : new InferenceSession(bytes, session);
        return OnProvider(setup.Provider, () =>
        {
            string? context = null;
            if (setup.Provider == ExecutionProvider.Tensorrt)
                context = AppendTensorRt(session, path, options.Tensorrt, setup);
            AppendCuda(session, setup.Limits, options.Tensorrt.CudaGraph && setup.Provider == ExecutionProvider.Cuda);
            if (context is not null && File.Exists(context))
                return new InferenceSession(context, session);
            return bytes is null ? new InferenceSession(path, session) : new InferenceSession(bytes, session);
        });
    }

    /// <summary>Runs something on a provider, whose failures are then about the machine and not about the model.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="provider">The provider.</param>
    /// <param name="work">What is run.</param>
    public static T OnProvider<T>(ExecutionProvider provider, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (provider != ExecutionProvider.Cpu && error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new EngineException($"{ProviderChoice.NameOf(provider)} does not work here: {error.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.')}", inner: error);
        }
    }

    /// <summary>Adds TensorRT; returns where its EP-context model lies or is written to, where one is used.</summary>
    private static string? AppendTensorRt(SessionOptions session, string path, TensorRtOptions tensorrt, EngineSetup setup)
    {
        var options = new Dictionary<string, string>(tensorrt.ToProviderOptions(setup.Limits));
        string? context = null;
        if (setup.EngineFolder is { } folder)
        {
            // An EP-context model holds the engine itself: a second file of it would be written for nothing.
            options["trt_engine_cache_enable"] = tensorrt.EpContext ? "0" : "1";
            options["trt_engine_cache_path"] = folder;
            options["trt_timing_cache_path"] = folder;
            if (tensorrt.EpContext)
                options["trt_ep_context_file_path"] = context = Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + "_ctx.onnx");
        }
        else
        {
            (options["trt_engine_cache_enable"], options["trt_timing_cache_enable"], options["trt_dump_ep_context_model"]) = ("0", "0", "0");
        }
        using var provider = new OrtTensorRTProviderOptions();
        provider.UpdateOptions(options);
        session.AppendExecutionProvider_Tensorrt(provider);
        return context;
    }

    // Also behind TensorRT, for operators that it leaves over.
    private static void AppendCuda(SessionOptions session, EngineLimits limits, bool graph)
    {
        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["gpu_mem_limit"] = ((long)limits.GpuArenaMib << 20).ToString(System.Globalization.CultureInfo.InvariantCulture),
            // Growing by powers of two would take up to twice what is used.
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["cudnn_conv_use_max_workspace"] = "0",
            ["do_copy_in_default_stream"] = "1",
            ["enable_cuda_graph"] = graph ? "1" : "0",
        });
        session.AppendExecutionProvider_CUDA(provider);
    }
}
