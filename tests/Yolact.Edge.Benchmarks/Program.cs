using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Yolact.Edge.Benchmarks;

if (args is ["outbox", var folder])
{
    OutboxComparison.Run(folder);
    return;
}

// In this process: no second project is generated and built, so the benchmarks run wherever the program runs.
var clock = new ThreadCpuClock();
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(15).WithWarmupCount(5);
if (clock.IsAvailable)
    job = job.WithClock(clock);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance).AddJob(job));
