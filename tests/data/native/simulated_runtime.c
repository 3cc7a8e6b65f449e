// An ONNX Runtime that claims to have TensorRT and CUDA: the real CPU library with a few functions of its table replaced. What the
// providers do is told by the environment:
//   SIMULATED_REAL       path of the real library
//   SIMULATED_PROVIDERS  what is listed besides the CPU: "tensorrt", "cuda", both, or nothing
//   SIMULATED_BROKEN     which of them fail when they are added to a session
//   SIMULATED_LOG        file that gets a line for each option of a provider, each build and each engine that is read
//   SIMULATED_BUILD      "" (builds), "killed" (dies half-way, as by the kernel for memory), "hangs", "fails" or "full" (the disk)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "onnxruntime_c_api.h"

#define MAX_SESSIONS 64

struct OrtTensorRTProviderOptionsV2 { char folder[4096], context[4096]; int cache; };
struct OrtCUDAProviderOptionsV2 { int unused; };

static const OrtApi* real;
static OrtApi api;
static struct { const OrtSessionOptions* options; OrtTensorRTProviderOptionsV2 tensorrt; } pending[MAX_SESSIONS];

static const char* setting(const char* name) { const char* value = getenv(name); return value ? value : ""; }

static int has(const char* name, const char* word) { return strstr(setting(name), word) != NULL; }

static void log_line(const char* kind, const char* text)
{
    FILE* log = fopen(setting("SIMULATED_LOG"), "a");
    if (!log) return;
    fprintf(log, "%s %s\n", kind, text);
    fclose(log);
}

static OrtStatusPtr ORT_API_CALL available(char*** names, int* count)
{
    static char* all[3];
    *count = 0;
    if (has("SIMULATED_PROVIDERS", "tensorrt")) all[(*count)++] = "TensorrtExecutionProvider";
    if (has("SIMULATED_PROVIDERS", "cuda")) all[(*count)++] = "CUDAExecutionProvider";
    all[(*count)++] = "CPUExecutionProvider";
    *names = all;
    return NULL;
}

static OrtStatusPtr ORT_API_CALL release_available(char** names, int count) { return NULL; }

static OrtStatusPtr ORT_API_CALL create_tensorrt(OrtTensorRTProviderOptionsV2** out)
{
    *out = calloc(1, sizeof **out);
    return NULL;
}

static OrtStatusPtr ORT_API_CALL update_tensorrt(OrtTensorRTProviderOptionsV2* options, const char* const* keys, const char* const* values, size_t count)
{
    char line[8192];
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%s=%s", keys[i], values[i]);
        log_line("tensorrt", line);
        if (!strcmp(keys[i], "trt_engine_cache_path")) snprintf(options->folder, sizeof options->folder, "%s", values[i]);
        if (!strcmp(keys[i], "trt_engine_cache_enable")) options->cache = values[i][0] == '1';
        if (!strcmp(keys[i], "trt_ep_context_file_path")) snprintf(options->context, sizeof options->context, "%s", values[i]);
    }
    return NULL;
}

static void ORT_API_CALL release_tensorrt(OrtTensorRTProviderOptionsV2* options) { free(options); }

static void remember(const OrtSessionOptions* options, const OrtTensorRTProviderOptionsV2* tensorrt)
{
    for (int i = 0; i < MAX_SESSIONS; i++) {
        if (pending[i].options && pending[i].options != options) continue;
        pending[i].options = options;
        pending[i].tensorrt = *tensorrt;
        return;
    }
}

static OrtStatusPtr ORT_API_CALL append_tensorrt(OrtSessionOptions* options, const OrtTensorRTProviderOptionsV2* tensorrt)
{
    if (has("SIMULATED_BROKEN", "tensorrt"))
        return real->CreateStatus(ORT_FAIL, "Failed to load library libonnxruntime_providers_tensorrt.so with error: libnvinfer.so.10: cannot open shared object file");
    remember(options, tensorrt);
    return NULL;
}

// The managed side makes its sessions from copies of the options.
static OrtStatusPtr ORT_API_CALL clone_options(const OrtSessionOptions* options, OrtSessionOptions** out)
{
    OrtStatusPtr status = real->CloneSessionOptions(options, out);
    for (int i = 0; !status && i < MAX_SESSIONS; i++)
        if (pending[i].options == options) { remember(*out, &pending[i].tensorrt); break; }
    return status;
}

static void ORT_API_CALL release_options(OrtSessionOptions* options)
{
    for (int i = 0; i < MAX_SESSIONS; i++)
        if (pending[i].options == options) pending[i].options = NULL;
    real->ReleaseSessionOptions(options);
}

static OrtStatusPtr ORT_API_CALL create_cuda(OrtCUDAProviderOptionsV2** out) { *out = calloc(1, sizeof **out); return NULL; }

static OrtStatusPtr ORT_API_CALL update_cuda(OrtCUDAProviderOptionsV2* options, const char* const* keys, const char* const* values, size_t count)
{
    char line[8192];
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%s=%s", keys[i], values[i]);
        log_line("cuda", line);
    }
    return NULL;
}

static void ORT_API_CALL release_cuda(OrtCUDAProviderOptionsV2* options) { free(options); }

static OrtStatusPtr ORT_API_CALL append_cuda(OrtSessionOptions* options, const OrtCUDAProviderOptionsV2* cuda)
{
    if (has("SIMULATED_BROKEN", "cuda"))
        return real->CreateStatus(ORT_FAIL, "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version");
    return NULL;
}

// What a session's making costs on TensorRT: an engine that is read from the cache, or built and written to it.
static OrtStatusPtr engine(const OrtTensorRTProviderOptionsV2* tensorrt, const char* model)
{
    char path[8192];
    const char* name = strrchr(model, '/');
    if (!tensorrt->cache && !tensorrt->context[0]) { log_line("built", "for this process"); return NULL; }
    snprintf(path, sizeof path, "%s/%s.engine", tensorrt->folder, name ? name + 1 : model);
    FILE* file = fopen(path, "r");
    if (file) { fclose(file); log_line("read", path); return NULL; }
    file = fopen(path, "w");
    if (!file) return real->CreateStatus(ORT_FAIL, strerror(errno));
    fprintf(file, "half of an engine");
    fflush(file);
    if (has("SIMULATED_BUILD", "killed")) raise(SIGKILL);
    while (has("SIMULATED_BUILD", "hangs")) pause();
    if (has("SIMULATED_BUILD", "fails")) { fclose(file); return real->CreateStatus(ORT_FAIL, "Network has no kernel for node top"); }
    if (has("SIMULATED_BUILD", "full")) { fclose(file); return real->CreateStatus(ORT_FAIL, "No space left on device"); }
    fprintf(file, ", and the other half");
    fclose(file);
    log_line("built", path);
    return NULL;
}

static OrtStatusPtr prepare(const OrtSessionOptions* options, const char* model)
{
    for (int i = 0; i < MAX_SESSIONS; i++)
        if (pending[i].options == options) return engine(&pending[i].tensorrt, model);
    return NULL;
}

static OrtStatusPtr ORT_API_CALL create_session(const OrtEnv* env, const ORTCHAR_T* path, const OrtSessionOptions* options, OrtSession** out)
{
    OrtStatusPtr status = prepare(options, path);
    return status ? status : real->CreateSession(env, path, options, out);
}

static OrtStatusPtr ORT_API_CALL create_session_from_bytes(const OrtEnv* env, const void* bytes, size_t count, const OrtSessionOptions* options, OrtSession** out)
{
    OrtStatusPtr status = prepare(options, "bytes.onnx");
    return status ? status : real->CreateSessionFromArray(env, bytes, count, options, out);
}

static const OrtApi* ORT_API_CALL get_api(uint32_t version)
{
    if (version > ORT_API_VERSION) return NULL;
    if (real) return &api;
    void* library = dlopen(setting("SIMULATED_REAL"), RTLD_NOW | RTLD_LOCAL);
    if (!library) { fprintf(stderr, "%s\n", dlerror()); return NULL; }
    const OrtApiBase* (*base)(void) = (const OrtApiBase* (*)(void))dlsym(library, "OrtGetApiBase");
    real = base()->GetApi(ORT_API_VERSION);
    api = *real;
    api.GetAvailableProviders = available;
    api.ReleaseAvailableProviders = release_available;
    api.CreateTensorRTProviderOptions = create_tensorrt;
    api.UpdateTensorRTProviderOptions = update_tensorrt;
    api.ReleaseTensorRTProviderOptions = release_tensorrt;
    api.SessionOptionsAppendExecutionProvider_TensorRT_V2 = append_tensorrt;
    api.CloneSessionOptions = clone_options;
    api.ReleaseSessionOptions = release_options;
    api.CreateCUDAProviderOptions = create_cuda;
    api.UpdateCUDAProviderOptions = update_cuda;
    api.ReleaseCUDAProviderOptions = release_cuda;
    api.SessionOptionsAppendExecutionProvider_CUDA_V2 = append_cuda;
    api.CreateSession = create_session;
    api.CreateSessionFromArray = create_session_from_bytes;
    return &api;
}

static const char* ORT_API_CALL get_version(void)
{
    static char version[32];
    snprintf(version, sizeof version, "1.%d.1", ORT_API_VERSION);
    return version;
}

static const OrtApiBase simulated = { get_api, get_version };

ORT_EXPORT const OrtApiBase* ORT_API_CALL OrtGetApiBase(void) { return &simulated; }
